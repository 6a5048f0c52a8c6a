"""Completion of an intent: the pure steps between the effects of its owner."""

from msgspec.structs import replace

from autotag.domain.model.audit import Audit, Decided, answers_of, moment
from autotag.domain.model.conversion import decoder
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.state.asset_state import AssetState, Intent, NextState, Op, Write, shown_at
from autotag.domain.state.tag_ownership import active_preferences, answered_as

_LONGEST_WAIT = 3600

_PERSON_TRIGGERS = ("person", "review")
"""Kinds of audits after which the asset keeps the status of its last decision."""


def with_new_owner(state: AssetState, intent: Intent, *, owner: str, now: int, lease: int) -> AssetState:
    """Return ``state`` with its due intent owned by ``owner``; the lease (seconds) grows with each attempt."""
    wait = min(_LONGEST_WAIT, lease * 2 ** min(intent.attempts, 10))
    return replace(state, intent=replace(intent, owner=owner, attempts=intent.attempts + 1, due_at=now + wait * 1000))


def tag_calls(state: AssetState, intent: Intent) -> dict[Op, tuple[str, ...]]:
    """Return the tags to remove and to add.

    If a person has since wanted the opposite, the opposite call is made, not skipped: an owner that crashed may have
    made the planned call. If the opposite is only a claim, neither call is made until a read decides.
    """
    wanted: dict[Op, list[str]] = {"remove": [], "add": []}
    planned: list[tuple[str, Op]] = [(tag, "remove") for tag in intent.remove]
    planned += [(tag, "add") for tag in intent.add]
    held = active_preferences(state)
    for tag, op in planned:
        preference, claim = held.get(label_key(tag)), state.claims.get(label_key(tag))
        if claim is not None and claim.want != op:
            continue
        if preference is None or preference.want == op:
            wanted[op].append(tag)
        else:
            wanted[preference.want].append(preference.tag if preference.want == "add" else tag)
    return {op: tuple(tags) for op, tags in wanted.items() if tags}


def recorded_writes(intent: Intent, recorded: Audit, now: int) -> dict[str, Write]:
    """Return the calls that were made for an intent with the audit ``recorded``, as if made at ``now``.

    A later time is safe: if a person has changed the tag since, what they want is written once more.
    """
    ops: list[tuple[str, Op]] = [(tag, "remove") for tag in intent.remove]
    ops += [(tag, "add") for tag in intent.add]
    if recorded.outcome == "gone":  # they may have been made before the asset was found to be gone
        ops = [(tag, "add") for tag in intent.add]
    elif recorded.outcome == "failed":  # refused: the audit has only the calls that were made
        done = {*recorded.tags.added, *recorded.tags.removed}
        ops = [(tag, op) for tag, op in ops if tag in done]
    return {tag: Write(op, now, recorded.asset.version) for tag, op in ops}


def close_intent(state: AssetState, intent: Intent, audit: Audit, writes: dict[str, Write], now: int) -> AssetState:
    """Return the state after the intent: its outcome, without the tags that a person has changed meanwhile."""
    outcome = intent.outcome
    if audit.trigger.kind == "review" and audit.outcome in ("failed", "gone"):
        state, outcome = _unanswered(state, intent, audit)
    held = active_preferences(state)
    managed_tags = {tag: labels for tag, labels in outcome.managed_tags.items() if label_key(tag) not in held}
    review = tuple(tag for tag in outcome.review if label_key(tag) not in held)
    status = outcome.status if audit.trigger.kind in _PERSON_TRIGGERS and audit.outcome != "gone" else audit.outcome
    gone, back = audit.outcome == "gone", _is_back(state, audit)
    if back:
        status = "pending"
    if back or (state.dirty is not None and state.restored_at > moment(audit)):
        outcome = replace(outcome, decided="")  # it was seen since, perhaps with other tags: decide again
    if gone:
        managed_tags = {
            tag: labels for tag, labels in state.managed_tags.items() if back and label_key(tag) not in held
        }
        review = ()
    elif audit.outcome == "failed" and outcome.status != "failed":  # refused: only the calls that were made count
        managed_tags = {
            tag: labels for tag, labels in {**state.managed_tags, **managed_tags}.items() if _stands(tag, state, writes)
        }
    removed = {tag for tag, write in writes.items() if write.op == "remove"}
    facts = state.facts
    if facts is not None:
        facts = replace(facts, tags=tuple(tag for tag in facts.tags if tag not in removed))
    since = outcome.asked_at or (state.asked_at if {*review} & {*state.review} else 0)
    return replace(
        state,
        status=status,
        managed_tags=managed_tags,
        givers={tag: by for tag, by in {**state.givers, **outcome.givers}.items() if tag in managed_tags},
        writes=_with(state.writes, _with_planned(writes, intent, moment(audit))),
        facts=facts,
        decided=outcome.decided,
        review=review,
        ask=_confidences(review, audit, state),
        asked_at=(since or now) if review else 0,
        intent=None,
        follow_up_at=now if state.dirty or state.outbox or state.answers else 0,
        final_at=state.final_at
        if status == "gone" and audit.outcome != "gone"
        else now,  # keeps the time when it was found gone
        restored_at=shown_at(state) if back else state.restored_at,
    )


def _confidences(review: tuple[str, ...], audit: Audit, state: AssetState) -> dict[str, int]:
    """Return the confidence times 10,000 of each tag in ``review``, by key, where known: as in ``audit``, or as before.

    It is that of the best label that asks about the tag, or of a label that did before a refused answer.
    """
    asking: dict[str, float] = {}
    answered: dict[str, float] = {}
    for each in audit.labels:
        found, key = asking if each.outcome == "review" else answered, label_key(each.tag or "")
        found[key] = max(found.get(key, 0.0), each.confidence)
    confidences = {key: max(1, round(confidence * 10_000)) for key, confidence in {**answered, **asking}.items()}
    return {key: known for key in map(label_key, review) if (known := confidences.get(key) or state.ask.get(key))}


def _is_back(state: AssetState, audit: Audit) -> bool:
    """Return whether the asset was seen again while the intent that found it to be gone was open.

    Tags that were managed then stay managed, as far as they were seen; the next decision keeps or removes them.
    """
    return audit.outcome == "gone" and state.dirty is not None and state.deleted_at <= state.restored_at


def _with_planned(writes: dict[str, Write], intent: Intent, claimed_at: int) -> dict[str, Write]:
    """Return ``writes``, each with the time of the planned call that is its opposite, if there is one.

    That call was made before a person wanted the opposite, by this owner or perhaps by one that crashed. Cloudinary may
    notify of it later than of the opposite call. An owner that crashed may also have made a call that was repeated.
    """
    planned: dict[Op, frozenset[str]] = {
        "add": frozenset(map(label_key, intent.add)),
        "remove": frozenset(map(label_key, intent.remove)),
    }
    return {
        tag: replace(write, opposite_at=write.at, first_at=claimed_at)
        if label_key(tag) in planned["remove" if write.op == "add" else "add"]
        else replace(write, first_at=claimed_at if intent.attempts else 0)
        for tag, write in writes.items()
    }


def _with(known: dict[str, Write], more: dict[str, Write]) -> dict[str, Write]:
    """Return the last call for each tag after ``more`` were made, each with the time of the last opposite call."""
    found = dict(known)
    for tag, write in more.items():
        old = known.get(tag)
        if old is None:
            found[tag] = write
            continue
        last = old.opposite_at if old.op == write.op else old.at
        opposite_at = max(last, write.opposite_at)
        since = [at for at in (old.first_at or old.opposite_at or last, write.first_at) if at]
        first_at = min(since, default=0)
        found[tag] = replace(write, opposite_at=opposite_at, first_at=first_at if first_at < opposite_at else 0)
    return found


def _unanswered(state: AssetState, intent: Intent, audit: Audit) -> tuple[AssetState, NextState]:
    """Return a state and its outcome without the answers about tags that Cloudinary refused to change.

    ``audit`` records the refusal. The question is asked again, and an answer that was taken back holds again.
    """
    done = {*audit.tags.added, *audit.tags.removed}
    refused = {label_key(tag): tag for tag in (*intent.add, *intent.remove) if tag not in done}
    at = moment(audit)
    people = {key: preference for key, preference in state.people.items() if key not in refused or preference.at != at}
    people |= {key: preference for key, preference in intent.before.items() if key in refused and key not in people}
    answers = answers_of(audit)
    undone = label_keys(answers.undo) if answers else frozenset()
    # if a preference holds again, the final state leaves out its question; a sample asks its own again
    asked = {key: tag for key, tag in refused.items() if key not in state.samples}
    again = tuple({**{label_key(tag): tag for tag in intent.outcome.review}, **asked}.values())
    asked_at = intent.outcome.asked_at if undone - refused.keys() else 0
    known = replace(state, people=people, review=again, samples=answered_as(state.samples, people, refused))
    return known, replace(intent.outcome, review=again, asked_at=asked_at)


def _stands(tag: str, state: AssetState, writes: dict[str, Write]) -> bool:
    write = writes.get(tag)
    return write.op == "add" if write else tag in state.managed_tags


def mark_refused(audit: Audit, reason: str, done: dict[str, Write]) -> Audit:
    """Return the audit of an intent that Cloudinary refused for good: it keeps only the calls that were made."""
    tags = replace(
        audit.tags,
        added=tuple(tag for tag in audit.tags.added if tag in done),
        removed=tuple(tag for tag in audit.tags.removed if tag in done),
    )
    return replace(audit, outcome="failed", reason=reason, tags=tags, decided=_decided(audit))


def mark_gone(audit: Audit) -> Audit:
    """Return the audit of an intent whose asset turned out to be deleted."""
    tags = replace(audit.tags, added=(), removed=())
    return replace(audit, outcome="gone", reason="the asset was deleted", tags=tags, decided=_decided(audit))


def _decided(audit: Audit) -> Decided:
    return Decided(audit.outcome, audit.tags, audit.reason)


def decode_audit(intent: Intent) -> Audit:
    """Return the audit that is stored in the intent."""
    return decoder(Audit).decode(intent.audit)
