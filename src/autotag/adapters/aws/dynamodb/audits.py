"""Audits and rules versions in the History table: written once, never changed."""

import zlib
from typing import Any

import msgspec
from msgspec.structs import replace

from autotag.adapters.aws.client import asking
from autotag.adapters.aws.dynamodb.audit_items import AUDIT, audit_from_item, audit_key, audit_to_item
from autotag.adapters.aws.dynamodb.items import (
    SHAPE,
    Item,
    asset_key,
    from_item,
    item_size,
    pack,
    require_shape,
    to_item,
    unpack,
)
from autotag.adapters.aws.dynamodb.query import queried
from autotag.domain.errors import Invalid, UnknownShape
from autotag.domain.model.audit import Audit, asset_of_audit, moment
from autotag.domain.model.conversion import convert
from autotag.domain.rules.versions import Published, StoredVersion
from autotag.domain.state.item_size import ITEM

_DAY = 86400
_PUSHES = "RULES#PUSHES"


class DynamoAuditLog:
    """Implements the ``Audits`` port. Audits expire after ``retention_days``."""

    def __init__(self, client: Any, table: str, retention_days: int = 730) -> None:
        self._client, self._table, self._retention = client, table, retention_days * _DAY

    def put(self, audit: Audit) -> None:
        """Write ``audit`` unless one with its id exists."""
        expires_at = moment(audit) // 1000 + self._retention
        item = audit_to_item(audit, expires_at)
        if item_size(item) > ITEM:  # never of a decision: a state held it beside its inputs
            item = audit_to_item(replace(audit, tags=replace(audit.tags, before=())), expires_at)
        self._put_if_absent(item)

    def get(self, audit_id: str) -> Audit | None:
        """Return one audit, or None; raises ``Invalid`` if ``audit_id`` is not an audit id."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=audit_key(audit_id), ConsistentRead=True)
        return audit_from_item(answer["Item"]) if "Item" in answer else None

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        """Return the ``limit`` newest audits of an asset, or all if they are fewer, that are older than ``before``.

        ``before`` is an audit_id; "" starts with the newest.
        """
        if before and asset_of_audit(before) != asset_id:
            raise Invalid("before", "expected the audit_id of an audit of the same asset")
        start = {"ExclusiveStartKey": audit_key(before)} if before else {}
        found = queried(
            self._client,
            limit,
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": asset_key(asset_id)}, ":sk": {"S": AUDIT}},
            ScanIndexForward=False,
            **start,
        )
        return [audit_from_item(item) for item in found]

    def remember_rules(self, version: str, stored: StoredVersion) -> None:
        """Store a rules version, once; ``sets`` only where it names categories, so that others stay as they were."""
        item: Item = {"v": {"N": str(SHAPE)}, "text": {"B": pack(stored.text.encode())}}
        if stored.sets:
            item |= to_item({"sets": {name: list(labels) for name, labels in stored.sets.items()}})
        self._put_if_absent(_rules_key(version) | item)

    def stored_rules(self, version: str) -> StoredVersion | None:
        """Return a rules version, or None; raises ``Invalid`` if what is stored is not one."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=_rules_key(version), ConsistentRead=True)
        if "Item" not in answer:
            return None
        try:
            require_shape(answer["Item"], "the stored text")
            text = unpack(answer["Item"]["text"]["B"]).decode()
            sets = from_item({"sets": answer["Item"].get("sets", {"M": {}})})["sets"]
            return StoredVersion(text, convert(sets, dict[str, tuple[str, ...]]))
        except (UnknownShape, KeyError, zlib.error, ValueError, msgspec.ValidationError) as error:
            # the last good rules stay active
            raise Invalid(f"rules {version[:12]}", f"the stored text cannot be read: {error}") from error

    def remember_push(self, push: Published) -> None:
        """Record a push that was active, once."""
        fields = {"hash": push.hash, "seq": push.seq, "pushed_by": push.pushed_by, "pushed_at": push.pushed_at}
        self._put_if_absent(_push_key(push.seq) | to_item({**fields, "name": push.name}))

    def pushes(self, limit: int, *, before: int) -> list[Published]:
        """Return the ``limit`` last recorded pushes with numbers below ``before``, the newest first.

        Raises ``Invalid`` if one cannot be parsed.
        """
        found = queried(
            self._client,
            limit,
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk < :before",
            ExpressionAttributeValues={":pk": {"S": _PUSHES}, ":before": _push_key(before)["sk"]},
            ScanIndexForward=False,
        )
        return [_push(item) for item in found]

    def _put_if_absent(self, item: Item) -> None:
        with asking("DynamoDB"):
            try:
                self._client.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
            except self._client.exceptions.ConditionalCheckFailedException:
                return  # a process wrote the same item and died after that


def _push_key(seq: int) -> Item:
    return {"pk": {"S": _PUSHES}, "sk": {"S": f"PUSH#{seq:012d}"}}


def _push(item: Item) -> Published:
    try:
        return convert(from_item(item), Published)
    except (ValueError, msgspec.ValidationError) as error:
        raise Invalid(item["sk"]["S"], f"the record of this push cannot be read: {error}") from error


def _rules_key(version: str) -> Item:
    return {"pk": {"S": f"RULES#{version}"}, "sk": {"S": "RULES"}}
