"""A summary of the newest audit, stored once a minute, so that no reader has to scan the History table for it.

It also names the cloud: workers know it from the secret, which the operators' functions may not read.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from autotag.adapters.aws.client import asking
from autotag.adapters.aws.dynamodb.items import from_item, to_item
from autotag.domain.errors import Invalid, Retryable
from autotag.domain.model.audit import Audit
from autotag.domain.model.conversion import convert
from autotag.domain.model.health import LastAudit
from autotag.ports.audits import AuditLog
from autotag.ports.runtime import Clock, Telemetry

_KEY = {"pk": "PULSE", "sk": "AUDIT"}
_MINUTE = 60_000


class DynamoLatestAudit:
    """The item of the History table that holds the summary of the newest audit."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def note(self, audit: Audit, cloud_name: str) -> None:
        """Store the summary of ``audit``, of an asset in the cloud ``cloud_name``, unless a newer one is stored."""
        item = {**_KEY, "audit_id": audit.audit_id, "at": audit.at, "outcome": audit.outcome, "cloud_name": cloud_name}
        with asking("DynamoDB"):
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item=to_item(item),
                    ConditionExpression="attribute_not_exists(pk) OR #at < :at",
                    ExpressionAttributeNames={"#at": "at"},
                    ExpressionAttributeValues=to_item({":at": audit.at}),
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                return  # another worker's is newer

    def last(self) -> LastAudit | None:
        """Return the newest audit, up to a minute late; raises ``Invalid`` if the item cannot be read."""
        stored = self._stored()
        if not stored:
            return None
        try:
            return convert(stored, LastAudit)
        except msgspec.ValidationError as error:
            raise Invalid(_KEY["pk"], f"the item cannot be read: {error}") from error

    def cloud_name(self) -> str:
        """Return the name of the cloud, "" as long as no worker has stored it."""
        return str(self._stored().get("cloud_name", ""))

    def _stored(self) -> dict[str, Any]:
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=to_item(_KEY))
        return from_item(answer.get("Item", {}))


class AuditLogWithLatest:
    """Implements the ``AuditLog`` port over ``audits``, and stores one summary a minute for this process.

    ``cloud_name`` returns the name of the cloud, or raises ``Retryable``.
    """

    def __init__(
        self,
        audits: AuditLog,
        pulse: DynamoLatestAudit,
        cloud_name: Callable[[], str],
        clock: Clock,
        telemetry: Telemetry,
    ) -> None:
        self._audits, self._pulse, self._cloud_name, self._clock = audits, pulse, cloud_name, clock
        self._telemetry = telemetry
        self._noted_at = 0
        self._known_cloud = ""

    def put(self, audit: Audit) -> None:
        """Write ``audit``. If its summary cannot be stored, that is logged, and the write still succeeds."""
        self._audits.put(audit)
        now = self._clock.now()
        if abs(now - self._noted_at) < _MINUTE:
            return
        self._noted_at = now
        try:
            self._pulse.note(audit, self._cloud())
        except Retryable as error:
            self._telemetry.warn("latest_audit_not_stored", fault=str(error))

    def _cloud(self) -> str:
        """Return the name of the cloud; while the secret cannot be read, the last one that this process knew, or ""."""
        try:
            self._known_cloud = self._cloud_name()
        except Retryable as error:
            self._telemetry.warn("cloud_name_not_read", fault=str(error))
        return self._known_cloud

    def get(self, audit_id: str) -> Audit | None:
        """Return one audit, or None."""
        return self._audits.get(audit_id)

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        """Return a page of an asset's audits."""
        return self._audits.of_asset(asset_id, limit, before)
