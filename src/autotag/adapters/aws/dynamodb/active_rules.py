"""The item in the State table that says which rules are active."""

from typing import Any

import msgspec
from botocore.exceptions import ClientError

from autotag.adapters.aws.client import asking
from autotag.adapters.aws.dynamodb.items import from_item, to_item
from autotag.domain.errors import Invalid
from autotag.domain.model.conversion import convert
from autotag.domain.rules.versions import Published

_ITEM = "RULES#ACTIVE"
_KEY = {"pk": {"S": _ITEM}}
_NAMES = {"#hash": "hash"}  # a reserved word
_PUSH_NAMES = {**_NAMES, "#name": "name"}  # this one, too


class DynamoActiveRules:
    """Implements the ``Publication`` port. A push is conditional on the number of the one before it."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def current(self) -> Published | None:
        """Return what was published last, by a consistent read; raises ``Invalid`` if it cannot be parsed."""
        with asking("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=_KEY, ConsistentRead=True)
        return _published(answer["Item"]) if "Item" in answer else None

    def publish(self, new: Published, *, expected: int) -> bool:
        """Write ``new`` if the last push still has the number ``expected`` (0: no push yet); return whether it has."""
        condition = "seq = :over" if expected else "attribute_not_exists(seq) OR seq = :over"
        pushed = {":hash": new.hash, ":seq": new.seq, ":by": new.pushed_by, ":at": new.pushed_at, ":name": new.name}
        with asking("DynamoDB"):
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=_KEY,
                    UpdateExpression="SET #hash = :hash, seq = :seq, pushed_by = :by, pushed_at = :at, #name = :name",
                    ConditionExpression=condition,
                    ExpressionAttributeNames=_PUSH_NAMES,
                    ExpressionAttributeValues=to_item({**pushed, ":over": expected}),
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except self._client.exceptions.ConditionalCheckFailedException as error:
                # The client repeats a call whose answer was lost: then the stored item is this very push.
                return _pushed(error) == (new.hash, new.seq, new.pushed_by, new.pushed_at)
        return True

    def mark_good(self, version: str, seq: int) -> None:
        """Record that a worker loaded ``version``, if it is still the one that was pushed last."""
        with asking("DynamoDB"):
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=_KEY,
                    UpdateExpression="SET last_good_hash = :hash, last_good_seq = :seq",
                    ConditionExpression="#hash = :hash AND seq = :seq",
                    ExpressionAttributeNames=_NAMES,
                    ExpressionAttributeValues=to_item({":hash": version, ":seq": seq}),
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                return  # there is a newer push: the worker that loads it records it


def _published(item: dict[str, Any]) -> Published:
    try:
        return convert(from_item(item), Published)
    except (ValueError, msgspec.ValidationError) as error:
        raise Invalid(_ITEM, f"the item cannot be read: {error}") from error


def _pushed(error: ClientError) -> tuple[str, int, str, int] | None:
    item: dict[str, Any] = error.response.get("Item") or {}  # type: ignore[assignment]
    try:
        found = _published(item)
    except Invalid:
        return None
    return found.hash, found.seq, found.pushed_by, found.pushed_at
