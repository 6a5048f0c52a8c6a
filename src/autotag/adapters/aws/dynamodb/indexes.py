"""Readers of the State table's indexes, which are eventually consistent."""

from typing import Any

from botocore.exceptions import ClientError

from autotag.adapters.aws.client import asking
from autotag.adapters.aws.dynamodb.asset_items import asset_id_of
from autotag.adapters.aws.dynamodb.query import queried
from autotag.domain.errors import Retryable
from autotag.domain.model.health import DueAsset
from autotag.domain.review.waiting import WaitingAsset, waiting_asset
from autotag.ports.operations import QueuePage


class DueIndex:
    """The first due work in each partition of the due index."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def oldest(self, kind: str, shard: int) -> DueAsset | None:
        """Return the first due work of ``kind`` (``INTENT``, ``POLL`` or ``HINT``), or None if there is none."""
        found = queried(
            self._client,
            1,
            TableName=self._table,
            IndexName="due",
            KeyConditionExpression="due = :kind",
            ExpressionAttributeValues={":kind": {"S": f"{kind}#{shard}"}},
        )
        for item in found:
            return DueAsset(asset_id_of(item), int(item["due_at"]["N"]))
        return None


class AskedIndex:
    """Implements the ``ReviewQueue`` port over the index ``asked``, which holds the tags of each question."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def page(
        self, shard: int, since: int, *, tag: str = "", limit: int | None = None, rest: object | None = None
    ) -> QueuePage:
        """Return a page of what began to wait at ``since`` (ms) or later in a partition, the oldest first.

        ``tag``: only what is or may be asked about the tag with this key. ``limit``: the most assets that are read;
        None: as many as fit into a megabyte. ``rest`` is that of the page before. Raises ``Retryable``, also as long as
        DynamoDB builds the index.
        """
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": "asked",
            "KeyConditionExpression": "review = :shard AND review_at >= :since",
            "ExpressionAttributeValues": {":shard": {"S": f"REVIEW#{shard}"}, ":since": {"N": str(since)}},
            "ProjectionExpression": "pk, review_at, ask, ask_folder",
        }
        if tag:  # filtered by DynamoDB: it reads as much, but sends less
            query |= {
                "ProjectionExpression": "pk, review_at, ask.#tag, ask_folder",
                "FilterExpression": "attribute_not_exists(ask) OR attribute_exists(ask.#tag)",
                "ExpressionAttributeNames": {"#tag": tag},
            }
        if limit is not None:
            query["Limit"] = limit
        if rest is not None:
            query["ExclusiveStartKey"] = rest
        answer = self._query(query)
        last = answer.get("LastEvaluatedKey")
        read_until = int(last["review_at"]["N"]) if last else 0
        return QueuePage([_waiting(item) for item in answer["Items"]], last, read_until)

    def _query(self, query: dict[str, Any]) -> Any:
        try:
            with asking("DynamoDB"):
                return self._client.query(**query)
        except Retryable as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and cause.response.get("Error", {}).get("Code") == "ValidationException":
                raise Retryable(_BEING_BUILT) from error
            raise


_BEING_BUILT = "the index of the review queue is still being built, which takes minutes after an upgrade: try again"
"""DynamoDB refuses to read an index that is created or filled (its Developer Guide, "Managing Global Secondary Indexes:
Adding a Global Secondary Index"), and CloudFormation does not wait for it (its user guide, AWS::DynamoDB::Table)."""


def _waiting(item: dict[str, Any]) -> WaitingAsset:
    since, asset_id, asks = int(item["review_at"]["N"]), asset_id_of(item), item.get("ask")
    if asks is None:
        return WaitingAsset(since, asset_id)
    indexed = {tag: int(confidence["N"]) for tag, confidence in asks["M"].items()}
    return waiting_asset(since, asset_id, indexed, item.get("ask_folder", {}).get("S", ""))
