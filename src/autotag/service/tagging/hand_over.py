"""The hand-over of due intents and unsent events to the workers: a message for each asset."""

from functools import partial
from itertools import batched

from autotag.domain.errors import Retryable
from autotag.ports.assets import DueQueue
from autotag.ports.runtime import Start
from autotag.service.context import Dependencies, Remaining
from autotag.service.tagging.due_index import age, due_assets

MOST = 6_000
"""Messages that may wait in the workers' queue: no more is handed over beyond. So a minute hands over as many at most.

No asset is marked as handed over: a write for each would cost more than a second message, which costs a read. What is
still due in the next minute is sent again, lost messages included; this limit bounds how much of it is in the queue.
"""

_BATCH = 10
"""Messages of one call: the limit of SQS."""

_WAVE = 16 * _BATCH
"""Messages that are sent at the same time, in calls side by side."""


def hand_over(deps: Dependencies, queue: DueQueue, start: Start, remaining: Remaining) -> None:
    """Send due assets to the workers, the oldest first, as long as there is room in the queue and time.

    Where the queue fails, they stay due.
    """
    due = due_assets(deps, start, "INTENT", MOST)
    if not due:
        return
    deps.telemetry.measure("DueIntentAge", age(deps, due))
    sent = 0
    try:
        waiting = queue.waiting()
        for wave in batched(due[: max(0, MOST - waiting)], _WAVE, strict=False):
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
