"""A batch from a queue: a thread for each asset, and in it one record after another, in the order of the batch."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from autotag.domain.errors import Invalid
from autotag.domain.model.messages import AboutOne, DetectLabels, FinishDue, Task, asset_id_of, decode
from autotag.ports.runtime import Start

Record = dict[str, Any]
"""A message as Lambda passes it on from SQS (docs.aws.amazon.com/lambda/latest/dg/with-sqs.html)."""

PartialFailure = dict[str, list[dict[str, str]]]
"""The records of a batch that are to be received again, as Lambda expects them (``ReportBatchItemFailures``)."""


class Delivery(NamedTuple):
    """A record, and its message or the error of a body that holds none."""

    record: Record
    message: Task | Invalid

    @property
    def receives(self) -> int:
        """How often this message was received, this time included: SQS's ``ApproximateReceiveCount``."""
        return int(self.record["attributes"]["ApproximateReceiveCount"])


def handle_by_asset(records: Sequence[Record], handle: Callable[[Delivery], bool], start: Start) -> PartialFailure:
    """Handle every record; return those for which ``handle``, which raises nothing, returned False.

    All threads have ended by then. The records of a single asset need none.
    """
    calls = [partial(_failed, group, handle) for group in by_asset(records)]
    waits = [start(call) for call in calls] if len(calls) > 1 else calls
    failed = {record_id for wait in waits for record_id in wait()}
    return {"batchItemFailures": [{"itemIdentifier": key} for each in records if (key := each["messageId"]) in failed]}


def by_asset(records: Sequence[Record]) -> list[list[Delivery]]:
    """Return the records in groups, each in the order of ``records``: one for each asset, and for each other record."""
    groups: dict[str, list[Delivery]] = {}
    for record in records:
        message = _message(record)
        one = isinstance(message, AboutOne | FinishDue | DetectLabels) and asset_id_of(message)
        subject = one or f"record {record['messageId']}"
        groups.setdefault(subject, []).append(Delivery(record, message))
    return list(groups.values())


def _message(record: Record) -> Task | Invalid:
    try:
        return decode(record["body"])
    except Invalid as error:
        return error


def _failed(group: Sequence[Delivery], handle: Callable[[Delivery], bool]) -> list[str]:
    return [delivery.record["messageId"] for delivery in group if not handle(delivery)]
