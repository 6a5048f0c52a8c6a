"""Audits and rules versions in the History table: written once, never changed."""

import zlib
from typing import Any

import msgspec
from msgspec.structs import replace

from autotag.adapters.aws.client import asking
from autotag.adapters.aws.dynamodb.codec.blob import packed, unpacked
from autotag.adapters.aws.dynamodb.items import SHAPE, Item, asset_key, item_size, pack, require_shape, unpack
from autotag.adapters.aws.dynamodb.query import queried
from autotag.domain.errors import Invalid
from autotag.domain.model.audit import Audit, asset_of_audit, moment
from autotag.domain.state.item_size import ITEM

_DAY = 86400
_AUDIT = "AUDIT#"


class DynamoAuditLog:
    """Implements the ``Audits`` port. Audits expire after ``retention_days``."""

    def __init__(self, client: Any, table: str, retention_days: int = 730) -> None:
        self._client, self._table, self._retention = client, table, retention_days * _DAY

    def put(self, audit: Audit) -> None:
        """Write ``audit`` unless one with its id exists."""
        expires_at = moment(audit) // 1000 + self._retention
        item = _key(audit.audit_id) | {"v": {"N": str(SHAPE)}, "expires_at": {"N": str(expires_at)}}
        item["record"] = _record(audit)
        if item_size(item) > ITEM:  # never of a decision: a state held it beside its inputs
            item["record"] = _record(replace(audit, tags=replace(audit.tags, before=())))
        self._put_if_absent(item)

    def get(self, audit_id: str) -> Audit | None:
        """Return one audit, or None; raises ``Invalid`` if ``audit_id`` is not an audit id."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=_key(audit_id), ConsistentRead=True)
        return audit_from_item(answer["Item"]) if "Item" in answer else None

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        """Return the ``limit`` newest audits of an asset, or all if they are fewer, that are older than ``before``.

        ``before`` is an audit_id; "" starts with the newest.
        """
        if before and asset_of_audit(before) != asset_id:
            raise Invalid("before", "expected the audit_id of an audit of the same asset")
        start = {"ExclusiveStartKey": _key(before)} if before else {}
        found = queried(
            self._client,
            limit,
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": asset_key(asset_id)}, ":sk": {"S": _AUDIT}},
            ScanIndexForward=False,
            **start,
        )
        return [audit_from_item(item) for item in found]

    def remember_rules(self, version: str, text: str) -> None:
        """Store the text of a rules version, once."""
        text_item = {"v": {"N": str(SHAPE)}, "text": {"B": pack(text.encode())}}
        self._put_if_absent(_rules_key(version) | text_item)

    def rules_text(self, version: str) -> str | None:
        """Return the text of a rules version, or None; raises ``Invalid`` if what is stored is not a text."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=_rules_key(version), ConsistentRead=True)
        if "Item" not in answer:
            return None
        require_shape(answer["Item"], f"rules {version[:12]}")
        try:
            return unpack(answer["Item"]["text"]["B"]).decode()
        except (KeyError, zlib.error, UnicodeDecodeError) as error:
            raise Invalid(f"rules {version[:12]}", f"the stored text cannot be read: {error}") from error

    def _put_if_absent(self, item: Item) -> None:
        with asking("DynamoDB"):
            try:
                self._client.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
            except self._client.exceptions.ConditionalCheckFailedException:
                return  # a process wrote the same item and died after that


def audit_from_item(item: Item) -> Audit:
    """Return the audit in an item; raises ``UnknownShape``, or ``Invalid`` if it is torn."""
    audit_id = f"{item['pk']['S'].removeprefix(asset_key(''))}.{item['sk']['S'].removeprefix(_AUDIT)}"
    require_shape(item, f"audit {audit_id}")
    try:
        return msgspec.convert(unpacked(bytes(item["record"]["B"])), Audit)
    except (Invalid, msgspec.ValidationError) as error:
        raise Invalid(audit_id, f"the stored record cannot be read: {error}") from error


def _record(audit: Audit) -> dict[str, bytes]:
    return {"B": packed(msgspec.to_builtins(audit)).data}


def _key(audit_id: str) -> Item:
    asset_id = asset_of_audit(audit_id)
    return {"pk": {"S": asset_key(asset_id)}, "sk": {"S": f"{_AUDIT}{audit_id[len(asset_id) + 1 :]}"}}


def _rules_key(version: str) -> Item:
    return {"pk": {"S": f"RULES#{version}"}, "sk": {"S": "RULES"}}
