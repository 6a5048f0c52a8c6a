"""The due index, which shows the poller whose unfinished work is due."""

from typing import Literal

from msgspec.structs import replace

from autotag.domain.state.asset_state import AssetState

SHARDS = 16
"""Number of partitions of the due index, so that no single partition takes every write."""

DueKind = Literal["INTENT", "POLL", "HINT", "DETECT"]
"""INTENT: open intents, unsent events, waiting answers. POLL: reads of assets. HINT: reads that a hint asks for.
DETECT: labels that Rekognition is to be asked for."""


def due_work(state: AssetState) -> tuple[DueKind, int] | None:
    """Return the kind of work that is due for ``state`` and when (ms), or None."""
    if state.intent is not None:
        return "INTENT", state.intent.due_at
    if state.outbox or state.dirty or state.answers:
        return "INTENT", state.follow_up_at
    work: list[tuple[DueKind, int]] = []
    if state.poll is not None:
        work.append(("HINT" if state.poll.hint else "POLL", state.poll.due_at))
    if state.detect is not None and state.status != "gone":
        work.append(("DETECT", state.detect.due_at))
    return min(work, key=lambda each: each[1], default=None)  # what follows gets the entry with the next write


def with_claim_first(state: AssetState, now: int) -> AssetState | None:
    """Return ``state`` with its entry for a claim on Rekognition that is due at ``now`` (ms), and its read behind that.

    None if there is no such claim, or no read before it.
    """
    claim, poll = state.detect, state.poll
    if claim is None or poll is None or not poll.due_at <= claim.due_at <= now:
        return None
    first = replace(state, poll=replace(poll, due_at=claim.due_at + 1))
    return first if due_work(first) == ("DETECT", claim.due_at) else None


def index_entry(state: AssetState) -> tuple[DueKind, int] | None:
    """Return the entry of ``state`` in the due index: its due work, unless a message of the queue is behind it."""
    return None if state.intent is not None and not state.intent.indexed else due_work(state)


def written_over(state: AssetState, expected: AssetState | None) -> AssetState:
    """Return ``state`` as it is stored over ``expected``: an intent that stays open is in the due index from then on.

    A process that writes beside an intent may hold the one message that its owner relies on, and deletes it then.
    """
    intent = state.intent
    if intent is None or intent.indexed or expected is None or expected.intent is None:
        return state
    return replace(state, intent=replace(intent, indexed=True)) if expected.intent.id == intent.id else state
