"""The step from an observed state to a decision: wait, leave the asset alone, or claim a decision and carry it out."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.decisions.evaluate import AssetDecision, evaluate
from autotag.domain.errors import TooLarge
from autotag.domain.model.audit import Trigger
from autotag.domain.model.labels import REKOGNITION
from autotag.domain.rules.compiled.ruleset import ActiveRules
from autotag.domain.state.asset_state import AssetState, Poll, due_again, is_deleted, next_poll, own_poll
from autotag.domain.state.claim import (
    awaits_cloudinary,
    bare_record,
    claim_decision,
    inputs_of,
    is_pending,
    labels_digest,
)
from autotag.domain.state.item_size import without_refetchable
from autotag.service.context import Dependencies, Remaining, rules_for
from autotag.service.tagging.execute import execute_intent, take_over

Step = Literal["done", "lost", "read"]
"""``lost``: another process changed the stored state, load it again; ``read``: the asset is due to be read first."""

GONE = AssetDecision("gone", "the asset was deleted")


class Attempt(Struct, frozen=True):
    """One attempt to decide on an asset without an intent.

    ``state`` was derived from ``stored``, which is None for a new asset; the attempt is lost if that has changed.
    ``held``: the queue delivers the message behind ``state`` again if this process dies.
    """

    state: AssetState
    stored: AssetState | None
    rules: ActiveRules
    trigger: Trigger
    remaining: Remaining
    held: bool = False


def decide_and_execute(
    deps: Dependencies,
    state: AssetState,
    stored: AssetState | None,
    trigger: Trigger,
    remaining: Remaining,
    *,
    late: bool = False,
    held: bool = False,
) -> Step:
    """Decide on ``state``, which was derived from ``stored`` and has no intent.

    Labels that were decided on before are not decided on again, even if the rules changed. ``late``: the deadline for
    pending labels has passed. ``held`` is as in ``Attempt``.
    """
    attempt = Attempt(state, stored, rules_for(deps, state), trigger, remaining, held)
    if is_deleted(state):
        if state.status == "gone":
            return _settle(deps, state, stored)
        return conclude_trimmed(deps, attempt, GONE)
    try:
        return _process(deps, attempt, late=late)
    except TooLarge as error:
        return _give_up(deps, attempt, error)


def _process(deps: Dependencies, attempt: Attempt, *, late: bool) -> Step:
    if attempt.state.detect is not None:
        attempt = _without_vain_claim(deps, attempt)
    state, ruleset = attempt.state, attempt.rules.ruleset
    if labels_digest(state, ruleset) == state.decided:
        step = _settle(deps, state, attempt.stored)
        deps.telemetry.count("Duplicate")
        return step
    if is_pending(state, ruleset) and not (late and awaits_cloudinary(state, ruleset)):
        return _wait(deps, attempt)
    if state.facts is None:
        poll = due_again(state, deps.clock.now(), deps.pace.deadline)
        due = replace(state, status="pending", poll=poll, dirty=None)
        return "read" if deps.store.put(due, expected=attempt.stored) else "lost"
    verdict = evaluate(inputs_of(state, ruleset), ruleset)
    if verdict.outcome == "skipped" and verdict.decision is None and ruleset.providers == (REKOGNITION,):
        from autotag.domain.detection.claims import NO_IMAGE, can_be_asked  # only where Rekognition is asked

        verdict = verdict if can_be_asked(state.asset) else AssetDecision("skipped", NO_IMAGE)
    if verdict.outcome == "timed_out":
        deps.telemetry.count("TimedOut")
    elif verdict.outcome == "failed":
        deps.telemetry.count("Failed")
    return conclude(deps, attempt, verdict)


def conclude(deps: Dependencies, attempt: Attempt, verdict: AssetDecision, *, decided: str = "") -> Step:
    """Claim ``verdict`` and carry it out. Once claimed, the stored intent ensures retries.

    ``decided`` identifies the labels that ``verdict`` is about, if the state no longer holds them. Raises ``TooLarge``
    if the claim does not fit into the state.
    """
    new_lease = deps.new_lease(attempt.remaining)
    indexed = not (attempt.held and _is_news(attempt))
    claimed = claim_decision(
        attempt.state, verdict, attempt.rules, attempt.trigger, new_lease, decided=decided, indexed=indexed
    )
    stored = deps.store.put(claimed, expected=attempt.stored)
    if stored is None:
        return "lost"
    follow_up(deps, execute_intent(deps, stored, attempt.remaining), attempt.remaining)
    return "done"


def _is_news(attempt: Attempt) -> bool:
    """Whether the message behind ``attempt`` changed what is decided on.

    Then it was not handled before, so it was not deleted either. A state without facts was trimmed: there, a message
    that was handled long ago seems to tell something new.
    """
    state, stored, ruleset = attempt.state, attempt.stored, attempt.rules.ruleset
    if stored is None:
        return True
    return stored.facts is not None and labels_digest(state, ruleset) != labels_digest(stored, ruleset)


def conclude_trimmed(deps: Dependencies, attempt: Attempt, verdict: AssetDecision) -> Step:
    """Conclude. If the state gets too large, drop what can be read again to make room for the audit."""
    try:
        return conclude(deps, attempt, verdict)
    except TooLarge:
        trimmed = replace(attempt, state=without_refetchable(attempt.state), held=False)
        return conclude(deps, trimmed, verdict)


def _give_up(deps: Dependencies, attempt: Attempt, error: TooLarge) -> Step:
    """Audit a decision that does not fit as failed, so that its message is not retried again and again.

    What can be read again is dropped, and ``decided`` records the labels that were given up. If even that does not fit
    into the state, only the audit is written.
    """
    ruleset, stored = attempt.rules.ruleset, attempt.stored
    digest = labels_digest(attempt.state, ruleset)
    if stored is not None and stored.decided == digest:
        deps.telemetry.count("Duplicate")
        return _settle(deps, stored, stored)
    verdict = AssetDecision("failed", f"what is known of the asset is too large to be kept: {error}")
    try:
        trimmed = replace(attempt, state=without_refetchable(attempt.state), held=False)
        step = conclude(deps, trimmed, verdict, decided=digest)
    except TooLarge:
        record = bare_record(attempt.state, verdict, ruleset, attempt.trigger)
        deps.audits.put(record)
        deps.bus.announce(record)
        step = _settle(deps, stored, stored) if stored else "done"
    if step == "done":
        deps.telemetry.count("Failed")
    return step


def finish_abandoned(deps: Dependencies, state: AssetState, remaining: Remaining) -> None:
    """Finish the due intent of ``state`` in place of its dead owner; do nothing if another process was faster."""
    taken = take_over(deps, state, remaining)
    if taken is not None:
        follow_up(deps, execute_intent(deps, taken, remaining), remaining)


def _settle(deps: Dependencies, state: AssetState, stored: AssetState | None) -> Step:
    """Store that there is nothing left to wait for."""
    settled = replace(state, poll=next_poll(state), dirty=None)
    return "done" if settled == stored or deps.store.put(settled, expected=stored) else "lost"


def follow_up(deps: Dependencies, final: AssetState | None, remaining: Remaining) -> None:
    """Decide again if a message was merged while the intent was open."""
    while final is not None and final.dirty is not None and final.intent is None:
        step = decide_and_execute(deps, replace(final, dirty=None), final, final.dirty, remaining)
        if step != "lost":
            return
        final = deps.store.load(final.asset.asset_id)


def _without_vain_claim(deps: Dependencies, attempt: Attempt) -> Attempt:
    """Return ``attempt`` without a claim on Rekognition's labels where it is not asked, or the rules do not name it."""
    if deps.detection is not None and REKOGNITION in attempt.rules.ruleset.providers:
        return attempt
    from autotag.domain.detection.claims import unwanted  # only where Rekognition is asked, or was

    return replace(attempt, state=unwanted(attempt.state))


def _wait(deps: Dependencies, attempt: Attempt) -> Step:
    state, stored = attempt.state, attempt.stored
    now = deps.clock.now()
    poll = next_poll(state)
    if awaits_cloudinary(state, attempt.rules.ruleset):  # a read does not show Rekognition's labels
        first = deps.clock.jitter(deps.pace.first_delay)
        poll = own_poll(state) or Poll(now + round(first * 1000), 0, now + deps.pace.deadline * 1000)
    waiting = replace(state, status="pending", poll=poll, dirty=None)
    if waiting == stored:
        deps.telemetry.count("Duplicate")
        return "done"
    if deps.store.put(waiting, expected=stored) is None:
        return "lost"
    deps.telemetry.count("Pending")
    deps.telemetry.info("pending", asset_id=state.asset.asset_id)
    return "done"
