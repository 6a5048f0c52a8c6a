"""Audits and rules versions in the History table: written once, never changed."""

import zlib
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from autotag.adapters.aws.client import asking
from autotag.adapters.aws.dynamodb.items import asset_key, item_size, pack, to_item, unpack
from autotag.adapters.aws.dynamodb.query import queried
from autotag.domain.errors import Invalid
from autotag.domain.model.audit import Audit, asset_of_audit
from autotag.domain.state.item_size import ITEM

_DAY = 86400
_AUDIT = msgspec.json.Decoder(Audit)


class DynamoAuditLog:
    """Implements the ``Audits`` port. Audits expire after ``retention_days``."""

    def __init__(self, client: Any, table: str, retention_days: int = 730) -> None:
        self._client, self._table, self._retention = client, table, retention_days * _DAY

    def put(self, audit: Audit) -> None:
        """Write ``audit`` unless one with its id exists."""
        at = datetime.fromisoformat(audit.at).timestamp()
        fields = {
            **_key(audit.audit_id),
            "audit_id": audit.audit_id,
            "at": audit.at,
            "public_id": audit.asset.public_id or None,
            "kind": audit.trigger.kind,
            "outcome": audit.outcome,
            "mode": audit.mode,
            "rules_version": audit.rules.version,
            "record": pack(audit),
            "expires_at": int(at) + self._retention,
        }
        queried = {"added": list(audit.tags.added), "removed": list(audit.tags.removed)}
        if item_size(to_item(fields | queried)) > ITEM:
            queried = {}  # the record holds them too, compressed
        if item_size(to_item(fields)) > ITEM:  # never of a decision: a state held it beside its inputs
            fields["record"] = pack(replace(audit, tags=replace(audit.tags, before=())))
        self._put_if_absent(fields | queried)

    def get(self, audit_id: str) -> Audit | None:
        """Return one audit, or None; raises ``Invalid`` if ``audit_id`` is not an audit id."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=to_item(_key(audit_id)), ConsistentRead=True)
        return _audit(answer["Item"]) if "Item" in answer else None

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        """Return the ``limit`` newest audits of an asset, or all if they are fewer, that are older than ``before``.

        ``before`` is an audit_id; "" starts with the newest.
        """
        if before and asset_of_audit(before) != asset_id:
            raise Invalid("before", "expected the audit_id of an audit of the same asset")
        start = {"ExclusiveStartKey": to_item(_key(before))} if before else {}
        found = queried(
            self._client,
            limit,
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues={":pk": {"S": asset_key(asset_id)}, ":sk": {"S": "AUDIT#"}},
            ScanIndexForward=False,
            **start,
        )
        return [_audit(item) for item in found]

    def remember_rules(self, version: str, text: str) -> None:
        """Store the text of a rules version, once."""
        self._put_if_absent({**_rules_key(version), "text": pack(text.encode())})

    def rules_text(self, version: str) -> str | None:
        """Return the text of a rules version, or None; raises ``Invalid`` if what is stored is not a text."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=to_item(_rules_key(version)), ConsistentRead=True)
        if "Item" not in answer:
            return None
        try:
            return unpack(answer["Item"]["text"]["B"]).decode()
        except (KeyError, zlib.error, UnicodeDecodeError) as error:
            raise Invalid(f"rules {version[:12]}", f"the stored text cannot be read: {error}") from error

    def _put_if_absent(self, fields: dict[str, Any]) -> None:
        with asking("DynamoDB"):
            try:
                self._client.put_item(
                    TableName=self._table, Item=to_item(fields), ConditionExpression="attribute_not_exists(pk)"
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                return  # a process wrote the same item and died after that


def _key(audit_id: str) -> dict[str, str]:
    asset_id = asset_of_audit(audit_id)
    return {"pk": asset_key(asset_id), "sk": f"AUDIT#{audit_id[len(asset_id) + 1 :]}"}


def _rules_key(version: str) -> dict[str, str]:
    return {"pk": f"RULES#{version}", "sk": "RULES"}


def _audit(item: dict[str, Any]) -> Audit:
    try:
        return _AUDIT.decode(unpack(item["record"]["B"]))
    except (msgspec.DecodeError, zlib.error) as error:
        raise Invalid(str(item.get("audit_id", {}).get("S")), f"the stored record cannot be read: {error}") from error
