"""Execution of an intent: the calls, the audit, the event, the final write, in this order, by its owner alone."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.errors import Missing, Permanent, Retryable, Unavailable
from autotag.domain.model.audit import Audit, answers_of
from autotag.domain.model.labels import label_key
from autotag.domain.state import complete as finish
from autotag.domain.state.asset_state import AssetState, Op, Write
from autotag.domain.state.tag_ownership import conflicting_writes
from autotag.service.context import LEASE, Dependencies, Remaining
from autotag.service.tagging.cloudinary_calls import Whereabouts, change_tags, where_is

RETRY = 30
"""Seconds until the first retry."""

_LONGEST_OUTAGE = 120
"""Seconds until a retry, at the most, while Cloudinary does not answer: all is due again soon after the outage."""

_LEAST = 5.0
"""Seconds until a retry, whatever a response asks for: what is due at once would be tried again and again."""


class _Executed(NamedTuple):
    """What was done for an intent: ``at`` has the asset's name, ``unsent``: the events of ``audit`` must wait.

    ``recorded``: by an earlier owner, which may have died after further calls.
    """

    at: Whereabouts
    audit: Audit
    writes: dict[str, Write]
    unsent: bool
    recorded: bool = False


def take_over(deps: Dependencies, state: AssetState, remaining: Remaining) -> AssetState | None:
    """Become the owner of a due intent; return the state, or None if another process was faster."""
    intent = state.intent
    if intent is None:
        return None
    lease = round(remaining()) + LEASE
    owned = finish.with_new_owner(state, intent, owner=deps.clock.unique(), now=deps.clock.now(), lease=lease)
    return deps.store.put(owned, expected=state)


def execute_intent(deps: Dependencies, state: AssetState, remaining: Remaining) -> AssetState | None:
    """Finish the intent of ``state``, which this owner has just stored; return the final state.

    Returns None if the intent was taken over meanwhile, or if it must wait: then it stays stored with its due time,
    and the process that takes it over finishes it.
    """
    intent = state.intent
    if intent is None:
        return state
    audit, at = finish.decode_audit(intent), Whereabouts(state.asset)
    writes: dict[str, Write] = {}
    recorded = deps.audits.get(audit.audit_id) if intent.attempts else None
    if recorded is not None:  # its writer made the calls; a repetition might end in another way
        audit, writes = recorded, finish.recorded_writes(intent, recorded, deps.clock.now())
    else:
        try:
            audit = _call(deps, state, at, audit, writes, remaining)
        except Retryable as error:
            reschedule(deps, state, error)
            return None
        deps.audits.put(audit)
    executed = _Executed(at, audit, writes, unsent=not announced(deps, audit), recorded=recorded is not None)
    return _finalize(deps, state, executed, remaining)


def record_batch(
    deps: Dependencies, states: Sequence[AssetState], ops: dict[Op, tuple[str, ...]], remaining: Remaining
) -> list[AssetState | None]:
    """Finish the intents of ``states``, which this owner has just stored, after their calls ``ops`` were made.

    Return the final states in order, each as ``execute_intent`` does.
    """
    now = deps.clock.now()
    claimed = [(state, finish.decode_audit(state.intent)) for state in states if state.intent is not None]
    for _, audit in claimed:
        deps.audits.put(audit)
    unsent = _unsent(deps, [audit for _, audit in claimed])
    finals: list[AssetState | None] = []
    for state, audit in claimed:
        writes = {tag: Write(op, now, audit.asset.version) for op, tags in ops.items() for tag in tags}
        at = Whereabouts(state.asset, called=bool(ops))
        finals.append(_finalize(deps, state, _Executed(at, audit, writes, audit.audit_id in unsent), remaining))
    return finals


def in_outbox(state: AssetState, audit: Audit, now: int) -> AssetState:
    """Return ``state`` with the events of ``audit`` to be sent ``RETRY`` seconds after ``now`` (unix milliseconds)."""
    return replace(state, outbox=(*state.outbox, audit.audit_id), follow_up_at=now + RETRY * 1000)


def announced(deps: Dependencies, audit: Audit) -> bool:
    """Send the events of ``audit``; return False if they must wait in the outbox of its state."""
    return not _unsent(deps, [audit])


def _unsent(deps: Dependencies, audits: Sequence[Audit]) -> frozenset[str]:
    """Send the events of ``audits``; return the audit_ids of those that must wait."""
    faults = deps.bus.announce_all(audits)
    for audit_id, fault in faults.items():
        deps.telemetry.warn("event_deferred", audit_id=audit_id, fault=fault)
    return frozenset(faults)


def _call(
    deps: Dependencies, state: AssetState, at: Whereabouts, audit: Audit, writes: dict[str, Write], remaining: Remaining
) -> Audit:
    intent = state.intent
    if intent is None:
        return audit
    try:
        for op, tags in finish.tag_calls(state, intent).items():
            change_tags(deps, at, op, tags, remaining)
            _record(deps, writes, op, tags, audit)
    except Permanent as error:
        return finish.mark_refused(audit, str(error), writes)
    except Missing:
        if intent.attempts:  # an owner that died may have called before: a backup then has these tags
            _record(deps, writes, "add", tuple(tag for tag in intent.add if tag not in writes), audit)
        return finish.mark_gone(audit)
    return audit


def _finalize(deps: Dependencies, state: AssetState, executed: _Executed, remaining: Remaining) -> AssetState | None:
    """Make the final write, after the calls that became necessary meanwhile; return None as ``execute_intent`` does.

    If the audit was recorded before, what people want is called once more, whatever the last call that is known: an
    owner that died may have called what they wanted then, and a person's audit may be older than the calls for it.
    """
    owned = state.intent
    at, audit, writes, unsent, recorded = executed
    called: set[str] | None = set() if recorded else None
    while owned is not None:
        now = deps.clock.now()
        intent = state.intent
        if intent is None or (intent.id, intent.owner) != (owned.id, owned.owner):
            deps.telemetry.info("intent_taken_over", audit_id=audit.audit_id)
            return None
        final = finish.close_intent(state, intent, audit, writes, now)
        fixes = conflicting_writes(final, called=called) if audit.outcome != "gone" else {}
        try:
            if at.called and at.follow(final.asset) and audit.outcome != "gone":
                _call_again(deps, at, writes, remaining)
            for tag, op in fixes.items():
                change_tags(deps, at, op, (tag,), remaining)
                _record(deps, writes, op, (tag,), audit)
                if called is not None:  # the opposite call may have been made until then
                    called.add(label_key(tag))
                    writes[tag] = replace(writes[tag], opposite_at=writes[tag].at)
        except Retryable as error:
            reschedule(deps, state, error)
            return None
        except (Permanent, Missing) as error:  # the asset is gone or full: there is nothing left to repair
            deps.telemetry.warn("repair_refused", audit_id=audit.audit_id, fault=str(error))
        if fixes:
            final = finish.close_intent(state, intent, audit, writes, now)
        if unsent:
            final = in_outbox(final, audit, now)
        if at.found and final.asset.public_id == at.known.public_id:  # a name that arrived since is newer
            final = replace(final, asset=replace(final.asset, public_id=at.asset.public_id))
        stored = deps.store.put(final, expected=state)
        if stored is not None:
            deps.telemetry.count("Decided")
            deps.telemetry.info("decided", audit_id=audit.audit_id, outcome=audit.outcome, **_questions(audit))
            return stored
        again = deps.store.load(state.asset.asset_id)
        if again is None:
            return None
        state = again
    return None


def _call_again(deps: Dependencies, at: Whereabouts, writes: dict[str, Write], remaining: Remaining) -> None:
    """Repeat the calls for an asset that was renamed meanwhile: they may have changed another asset."""
    ops: tuple[Op, Op] = ("remove", "add")
    at.move(where_is(deps, at.asset, remaining))
    for op in ops:
        if tags := tuple(tag for tag, write in writes.items() if write.op == op):
            change_tags(deps, at, op, tags, remaining)


def _questions(audit: Audit) -> dict[str, int]:
    """Return how many questions to reviewers an audit asks and how many it answers; an answer asks nothing new."""
    answers = answers_of(audit)
    if answers is None:
        return {"asked": len(audit.tags.review), "answered": 0}
    return {"asked": 0, "answered": len(answers.accept) + len(answers.reject) + len(answers.clear)}


def _record(deps: Dependencies, writes: dict[str, Write], op: Op, tags: tuple[str, ...], audit: Audit) -> None:
    at = deps.clock.now()
    writes.update({tag: Write(op, at, audit.asset.version) for tag in tags})


def reschedule(deps: Dependencies, state: AssetState, error: Retryable) -> None:
    """Give the intent up until the time that the called service asked for, or by a back-off."""
    deps.telemetry.count("Retried")
    deps.telemetry.warn("retry_scheduled", asset_id=state.asset.asset_id, fault=str(error), delay=error.delay)
    intent = state.intent
    if intent is None:
        return
    wait = error.delay if error.delay is not None else min(3600, RETRY * 2 ** min(intent.attempts, 7))
    if error.delay is None:
        wait = deps.clock.jitter(min(_LONGEST_OUTAGE, wait) if isinstance(error, Unavailable) else wait)
    due_at = deps.clock.now() + round(max(_LEAST, wait) * 1000)
    current: AssetState | None = state
    while current is not None and (held := current.intent) and (held.id, held.owner) == (intent.id, intent.owner):
        attempts = held.attempts - 1 if isinstance(error, Unavailable) and held.attempts else held.attempts
        later = replace(current, intent=replace(held, due_at=due_at, owner="", attempts=attempts))
        if deps.store.put(later, expected=current) is not None:
            return
        current = deps.store.load(state.asset.asset_id)  # a message was merged meanwhile, or the intent taken over
