"""Sends the chosen pictures to the ops function, which queues them for the workers."""

from itertools import batched
from typing import Any, Protocol

from autotag.service.review.sample import LabelChoice
from autotag_cli.errors import Failure
from autotag_cli.review.sample.plan import Plan

_AT_ONCE = 100
"""The most entries that the ops function takes in one request."""


class SampleClient(Protocol):
    """A client that queues questions at random."""

    def review_sample(self, entries: tuple[LabelChoice, ...]) -> dict[str, list[dict[str, Any]]]:
        """Queue up to a hundred questions, and return those ``queued``."""
        ...


def send(ops: SampleClient, plan: Plan) -> None:
    """Send what is to be asked now. Raises ``Failure``, which says how many were sent before."""
    entries = [LabelChoice(each.asset_id, label, each.version) for each in plan.asks for label in each.labels]
    sent = 0
    for some in batched(entries, _AT_ONCE, strict=False):
        try:
            ops.review_sample(some)
        except Failure as error:
            raise Failure(
                f"{error}; {sent:,} questions were sent before, and running it again asks none of them twice"
            ) from error
        sent += len(some)
