"""The hand-over of due intents and unsent events to the workers: a message for each asset."""

from collections.abc import Sequence
from functools import partial
from itertools import batched
from typing import Literal

from autotag.domain.errors import Retryable
from autotag.domain.model.health import DueAsset
from autotag.ports.assets import DueQueue
from autotag.ports.runtime import Start
from autotag.service.context import Dependencies, Remaining
from autotag.service.tagging.due_index import age, due_assets

MOST = 6_000
"""Messages in the workers' queue up to which due work is sent, or sent again. A minute sends as many at most.

No asset is marked as sent: a write for each would cost more than a second message, which costs a read. What is still
due in the next minute is sent again, lost messages included, and this limit bounds how many messages that can be.
"""

_NEW = 90
"""Seconds for which due work counts as new: it is sent whatever waits in the queue, and waits there for its turn.

Only the oldest ``MOST`` assets are looked at, so behind more of them what is new waits, as it would in the queue.
"""

_BATCH = 10
"""Messages of one call: the limit of SQS."""

_WAVE = 16 * _BATCH
"""Messages that are sent at the same time, in calls side by side."""


def hand_over(
    deps: Dependencies,
    queue: DueQueue,
    start: Start,
    remaining: Remaining,
    kind: Literal["INTENT", "DETECT"] = "INTENT",
) -> None:
    """Send assets whose work of ``kind`` is due to the workers, the oldest first, while there is room and time.

    Where the queue fails, they stay due.
    """
    due = due_assets(deps, start, kind, MOST)
    if not due:
        return
    deps.telemetry.measure("DueIntentAge" if kind == "INTENT" else "DueDetectAge", age(deps, due))
    sent = 0
    try:
        waiting = queue.waiting()
        for wave in batched(_wanted(deps, due, max(0, MOST - waiting)), _WAVE, strict=False):
            if remaining() <= 0:
                break
            batches = batched((each.asset_id for each in wave), _BATCH, strict=False)
            for finish in [start(partial(queue.send, batch)) for batch in batches]:
                finish()
            sent += len(wave)
        deps.telemetry.info("due_handed_over", due=len(due), sent=sent, waiting=waiting)
    except Retryable as error:
        deps.telemetry.count("Retried")
        deps.telemetry.warn("due_not_handed_over", due=len(due), sent=sent, fault=str(error))


def _wanted(deps: Dependencies, due: Sequence[DueAsset], room: int) -> list[DueAsset]:
    """Return those of ``due`` to be sent: as many as there is room for, and all that are new."""
    since = deps.clock.now() - _NEW * 1000
    return [each for number, each in enumerate(due) if number < room or each.due_at > since]
