"""States of assets in the State table."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError
from msgspec.structs import replace

from autotag.adapters.aws.client import asking
from autotag.adapters.aws.dynamodb.asset_items import (
    DELETED,
    asset_id_of,
    indexed_name,
    state_from_item,
    state_to_item,
)
from autotag.adapters.aws.dynamodb.items import Item, asset_key
from autotag.adapters.aws.dynamodb.query import items_of, queried
from autotag.domain.errors import Invalid, TooLarge, UnknownShape
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.health import DueAsset
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.due_entry import written_over
from autotag.domain.state.item_size import max_item_size
from autotag.domain.state.pruned import pruned

_READS = 8
"""Megabytes of complete states in one page: in memory they are several times as large."""

_LIVES = 100
"""Deleted assets of one name that are listed."""

_SCANNED = ("pk", "v", "public_id", "rev", "#status", "due", "due_at", "#data")


class DynamoStateStore:
    """Implements the ``Store`` port. Every write increases ``rev``, so a condition on it covers the whole item."""

    def __init__(
        self, client: Any, table: str, deleted_days: int = DELETED, *, skipped: Callable[[str], None] = lambda _: None
    ) -> None:
        """``skipped`` is called with the reason why an item of another shape is left out of ``page``."""
        self._client, self._table, self._deleted_days, self._skipped = client, table, deleted_days, skipped

    def load(self, asset_id: str) -> AssetState | None:
        """Return the state by a consistent read."""
        with asking("DynamoDB"):
            answer = self._client.get_item(
                TableName=self._table, Key={"pk": {"S": asset_key(asset_id)}}, ConsistentRead=True
            )
        item = answer.get("Item")
        return state_from_item(item) if item else None

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        """Return the stored states by asset_id, from consistent reads of up to a hundred items."""
        items = items_of(self._client, self._table, map(asset_key, asset_ids))
        return {state.asset.asset_id: state for state in map(state_from_item, items)}

    def put(self, state: AssetState, *, expected: AssetState | None) -> AssetState | None:
        """Write ``state``, pruned, if the stored one is still ``expected``; return what was written.

        An intent that stays open is in the due index from then on (``written_over``).

        Raises ``TooLarge`` if it exceeds its size limit.
        """
        new = replace(written_over(pruned(state), expected), rev=expected.rev + 1 if expected else 1)
        stamp = uuid.uuid4().bytes
        item, size = state_to_item(new, stamp, self._deleted_days)
        most = max_item_size(state, expected)
        if size > most:
            raise TooLarge(f"{size} bytes, at most {most} fit")
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
        if expected is not None:
            condition = {
                "ConditionExpression": "rev = :rev",
                "ExpressionAttributeValues": {":rev": {"N": str(expected.rev)}},
            }
        with asking("DynamoDB"):
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item=item,
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **condition,
                )
            except self._client.exceptions.ConditionalCheckFailedException as error:
                # The client repeats a call whose answer was lost: then the stored item is this very write.
                return new if _stamp(error) == stamp else None
        return new

    def holders(self, asset: AssetRef) -> list[str]:
        """Return the asset_ids of live assets under this public_id, resource_type and type."""
        if not asset.public_id:
            return []
        found = [asset_id_of(entry) for entry in self._query_name(asset.public_id)]
        if found == [asset.asset_id]:
            return found  # mostly: its types need not be read
        states = filter(None, map(self.load, found))
        return [
            state.asset.asset_id
            for state in states
            if state.status != "gone"
            and state.asset.public_id == asset.public_id
            and state.asset.resource_type in (asset.resource_type, "")
            and state.asset.type in (asset.type, "")
        ]

    def named(self, public_id: str) -> list[str]:
        """Return the asset_ids of every asset last known under ``public_id``; only live ones, if there are any."""
        found = self._query_name(public_id)
        found = found or self._query_name(indexed_name(public_id, deleted=True), most=_LIVES)
        return sorted(asset_id_of(entry) for entry in found)

    def due(self, kind: str, shard: int, now: int, most: int) -> list[DueAsset]:
        """Return up to ``most`` entries of one partition of the due index, the oldest first."""
        found = self._query(
            IndexName="due",
            KeyConditionExpression="due = :kind AND due_at <= :now",
            ExpressionAttributeValues={":kind": {"S": f"{kind}#{shard}"}, ":now": {"N": str(now)}},
            most=most,
        )
        return [DueAsset(asset_id_of(item), int(item["due_at"]["N"])) for item in found]

    def scan(
        self, segment: int, segments: int, cursor: str, limit: int
    ) -> tuple[list[tuple[AssetState, str]], str | None]:
        """Return up to ``limit`` live assets of a segment, each with the cursor after it, and the next page's cursor.

        Raises ``Invalid`` if ``cursor`` is not one of this scan, ``UnknownShape`` for an item of another shape.
        """
        answer = self._scan(
            segment,
            segments,
            cursor,
            limit,
            ProjectionExpression=", ".join(_SCANNED),
            ExpressionAttributeNames={"#status": "status", "#data": "data"},
        )
        return [(state_from_item(item), item["pk"]["S"]) for item in answer["Items"]], _after(answer)

    def page(self, segment: int, segments: int, cursor: str, limit: int) -> tuple[list[AssetState], str | None]:
        """Read about ``limit`` items of a segment; return the complete states that are not gone, and the next cursor.

        DynamoDB reads a megabyte at a time: several such reads make a page. Items that are torn, or of another shape,
        are left out. Raises ``Invalid`` like ``scan``.
        """
        states: list[AssetState] = []
        after: str | None = cursor
        for _ in range(_READS):
            if after is None or limit <= 0:
                break
            answer = self._scan(segment, segments, after, limit, ExpressionAttributeNames={"#status": "status"})
            states += self._known(answer["Items"])
            limit -= answer["ScannedCount"]
            after = _after(answer)
        return states, after

    def lost_intents(self, segment: int, segments: int, cursor: str, before: int) -> tuple[list[str], str | None]:
        """Read a megabyte of a segment; return the asset_ids of its lost intents, and the next cursor.

        An intent is lost if it is not in the due index and was due ``before`` (ms). Raises ``Invalid`` like ``scan``.
        """
        answer = self._read(
            segment,
            segments,
            cursor,
            FilterExpression="attribute_not_exists(due) AND due_at < :before",
            ExpressionAttributeValues={":before": {"N": str(before)}},
            ProjectionExpression="pk",
        )
        return [asset_id_of(item) for item in answer["Items"]], _after(answer)

    def _known(self, items: Sequence[Item]) -> Iterator[AssetState]:
        for item in items:
            try:
                yield state_from_item(item)
            except (UnknownShape, Invalid) as error:  # a run leaves it to the version that wrote it
                self._skipped(str(error))

    def _scan(self, segment: int, segments: int, cursor: str, limit: int, **shown: Any) -> dict[str, Any]:
        return self._read(
            segment,
            segments,
            cursor,
            Limit=limit,
            FilterExpression="begins_with(pk, :asset) AND #status <> :gone",
            ExpressionAttributeValues={":asset": {"S": asset_key("")}, ":gone": {"S": "gone"}},
            **shown,
        )

    def _read(self, segment: int, segments: int, cursor: str, **asked: Any) -> dict[str, Any]:
        start = {"ExclusiveStartKey": {"pk": {"S": cursor}}} if cursor else {}
        with asking("DynamoDB"):
            try:
                answer: dict[str, Any] = self._client.scan(
                    TableName=self._table, Segment=segment, TotalSegments=segments, **asked, **start
                )
            except ClientError as error:
                if cursor and error.response.get("Error", {}).get("Code") == "ValidationException":
                    raise Invalid("cursor", "expected one that this scan answered") from error
                raise
        return answer

    def _query_name(self, name: str, most: int | None = None) -> list[dict[str, Any]]:
        named = {"KeyConditionExpression": "public_id = :p", "ExpressionAttributeValues": {":p": {"S": name}}}
        return self._query(most, IndexName="by_public_id", **named)

    def _query(self, most: int | None = None, **query: Any) -> list[dict[str, Any]]:
        return list(queried(self._client, most, TableName=self._table, **query))


def _after(answer: dict[str, Any]) -> str | None:
    return str(answer["LastEvaluatedKey"]["pk"]["S"]) if "LastEvaluatedKey" in answer else None


def _stamp(error: ClientError) -> bytes:
    item: Item = error.response.get("Item") or {}  # type: ignore[assignment]
    return bytes(item.get("stamp", {}).get("B", b""))
