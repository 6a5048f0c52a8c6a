"""A minute of the poller and the workers, on fakes."""

from autotag.domain.errors import AutotagError
from autotag.service.context import Dependencies, Remaining
from autotag.service.tagging.due_reads import read_due
from autotag.service.tagging.hand_over import hand_over
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import in_turn


def a_minute(fakes: Fakes, deps: Dependencies | None = None, remaining: Remaining | None = None) -> None:
    """Let the poller hand due work over, let workers take what is in the queue, and let the poller read.

    A message whose worker dies stays in the queue; one that fails does not, as in ``handlers.worker``.
    """
    used, left = deps or fakes.deps, remaining or fakes.remaining
    hand_over(used, fakes.due_queue, in_turn, left)
    work(fakes, used, left)
    read_due(used, in_turn, left)


def work(fakes: Fakes, deps: Dependencies | None = None, remaining: Remaining | None = None) -> None:
    """Let workers take the due work that is in the queue."""
    for message in tuple(fakes.due_queue.messages):
        try:
            handle(deps or fakes.deps, message, remaining or fakes.remaining)
        except AutotagError:
            fakes.telemetry.count("Retried")
        fakes.due_queue.messages.remove(message)
