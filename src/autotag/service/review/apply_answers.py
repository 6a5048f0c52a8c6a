"""Reviewers' answers about tags, given or taken back: claimed, carried out and audited in the reviewer's name."""

from msgspec.structs import replace

from autotag.domain.errors import Retryable, TooLarge
from autotag.domain.model.audit import Audit
from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import ReviewAnswered
from autotag.domain.review.answer_audit import UNIQUE, record_of
from autotag.domain.review.answers import Answers, answered, counting, outcome_of
from autotag.domain.review.questions import Questions, questions
from autotag.domain.state.asset_state import AssetState, is_deleted
from autotag.domain.state.claim import Calls, open_intent
from autotag.service.context import Dependencies, Remaining, decided_with, retry_conflicts, rules_for
from autotag.service.tagging.decide import finish_abandoned, follow_up
from autotag.service.tagging.execute import execute_intent
from autotag.service.tagging.person_edits import read_again

_RECORDS = 20
"""Newest audits that are searched for the one that asked about a tag."""


def apply_answers(deps: Dependencies, message: ReviewAnswered, remaining: Remaining) -> None:
    """Carry out the answers in ``message`` that still count. The others, and a repeated message, change nothing.

    Under an intent that waits, the message waits beside it. Raises ``Retryable`` if a process is at work on the asset.
    """

    def attempt() -> bool | None:
        state = deps.store.load(message.asset_id)
        if state is None or is_deleted(state):
            deps.telemetry.count("Stale")
            return True
        if state.intent is not None:
            if state.intent.due_at <= deps.clock.now():
                finish_abandoned(deps, state, remaining)
                return None
            if state.intent.owner:
                raise Retryable(f"{message.asset_id} is being worked on")
            return True if _leave_waiting(deps, state, message) else None
        return True if _answer(deps, state, state, message, remaining) else None

    retry_conflicts(message.asset_id, attempt)


def apply_waiting(deps: Dependencies, asset_id: str, remaining: Remaining) -> None:
    """Carry out the answers that waited for an intent, in the order of their arrival, until one has to wait again."""

    def attempt() -> bool | None:
        state = deps.store.load(asset_id)
        if state is None or not state.answers or state.intent is not None:
            return True
        message, *others = state.answers
        _answer(deps, state, replace(state, answers=tuple(others)), message, remaining)
        return None

    retry_conflicts(asset_id, attempt)


def _leave_waiting(deps: Dependencies, state: AssetState, message: ReviewAnswered) -> bool:
    """Store ``message`` beside the open intent; return False if the stored state changed meanwhile."""
    # an answer that is given again after it was taken back differs from the first by its time alone
    if any((message.source, message.observed_at) == (known.source, known.observed_at) for known in state.answers):
        deps.telemetry.count("Duplicate")
        return True
    try:
        return deps.store.put(replace(state, answers=(*state.answers, message)), expected=state) is not None
    except TooLarge as error:
        raise Retryable(f"an answer about {message.asset_id} has no room beside the open intent: {error}") from error


def _answer(
    deps: Dependencies, stored: AssetState, state: AssetState, message: ReviewAnswered, remaining: Remaining
) -> bool:
    """Carry out what still counts of ``message`` in ``state``; return False if ``stored`` changed meanwhile."""
    answers = None
    if not is_deleted(state):
        answers = counting(state, message, {of: deps.audits.get(of) for _, of in message.undo})
    if answers is None:
        deps.telemetry.count("Duplicate")
        return state is stored or deps.store.put(state, expected=stored) is not None
    return _carry_out(deps, stored, state, message, answers, remaining)


def _carry_out(
    deps: Dependencies,
    stored: AssetState,
    state: AssetState,
    message: ReviewAnswered,
    answers: Answers,
    remaining: Remaining,
) -> bool:
    """Claim the answers and carry them out; return False if ``stored`` changed meanwhile."""
    ruleset = rules_for(deps, state).ruleset
    current = questions(state, ruleset)
    labels = {label_key(tag): _labels(deps, state, current, tag) for tag in (*answers.accept, *answers.reject)}
    known = answered(state, answers, message, labels, message.source.digest[:UNIQUE])
    if answers.accept or answers.reject:
        known = _with_bars(deps, state, known, message)
    record = record_of(state, known, message, answers, ruleset)
    if (recorded := deps.audits.get(record.audit_id)) is not None:  # Cloudinary refused, and they are open again
        deps.bus.announce(recorded)
        return state is stored or deps.store.put(state, expected=stored) is not None

    def claimed(known: AssetState) -> AssetState:
        return open_intent(
            known,
            record,
            outcome_of(known, answers),
            deps.new_lease(remaining),
            calls=Calls(record.tags.added, record.tags.removed),
            before={key: state.people[key] for tag in answers.tags if (key := label_key(tag)) in state.people},
        )

    try:
        owned = deps.store.put(claimed(known), expected=stored)
    except TooLarge:
        try:  # an answer cannot be read again, the rest can
            owned = deps.store.put(claimed(read_again(deps, known)), expected=stored)
        except TooLarge as error:
            _refuse(deps, record, error)
            return state is stored or deps.store.put(state, expected=stored) is not None
    if owned is None:
        return False
    follow_up(deps, execute_intent(deps, owned, remaining), remaining)
    return True


def _with_bars(deps: Dependencies, state: AssetState, known: AssetState, message: ReviewAnswered) -> AssetState:
    # imported here since most messages are no answers: cold starts are shorter
    from autotag.domain.review.bars import held_at, with_bars

    held = held_at(state, message.observed_at, decided_with(deps, state))
    return with_bars(state, known, message.observed_at, held)


def _labels(deps: Dependencies, state: AssetState, current: Questions, tag: str) -> tuple[str, ...]:
    """Return the keys of the labels that ``tag`` stands for: by the current question, or by what asked it before."""
    found = current.labels(tag)
    if found:
        return found
    sample = state.samples.get(label_key(tag))
    if sample is not None:
        return (sample.label,)
    for record in deps.audits.of_asset(state.asset.asset_id, _RECORDS):
        reviewed_labels = [each for each in record.labels if each.outcome == "review" and each.tag == tag]
        if reviewed_labels:
            return tuple(label_key(each.label) for each in reviewed_labels)
    return ()


def _refuse(deps: Dependencies, record: Audit, error: TooLarge) -> None:
    """Audit as failed answers that do not fit into the state, so that their message is not retried again and again."""
    deps.telemetry.count("Failed")
    reason = f"there is no room for what was {record.reason}: {error}"
    tags = replace(record.tags, added=(), removed=())
    failed = replace(record, outcome="failed", reason=reason, tags=tags)
    deps.audits.put(failed)
    deps.bus.announce(failed)
