"""How an intent ends: pure steps between the effects that its owner makes."""

import msgspec
from msgspec.structs import replace

from autotag.domain.answers import unanswered
from autotag.domain.audit import Audit, Decided, moment
from autotag.domain.labels import label_key
from autotag.domain.people import standing
from autotag.domain.state import AssetState, Intent, Op, Write, shown_at

_LONGEST_WAIT = 3600

_PEOPLES = ("person", "review")
"""Kinds of audits after which the asset is still as it was last decided."""


def taken_over(state: AssetState, intent: Intent, *, owner: str, now: int, lease: int) -> AssetState:
    """Return ``state`` with a due intent in the hands of ``owner``; the lease (seconds) grows with each attempt."""
    wait = min(_LONGEST_WAIT, lease * 2 ** min(intent.attempts, 10))
    return replace(state, intent=replace(intent, owner=owner, attempts=intent.attempts + 1, due_at=now + wait * 1000))


def calls(state: AssetState, intent: Intent) -> dict[Op, tuple[str, ...]]:
    """Return the tags to remove and to add.

    Where a person has since said the opposite, the opposite call is made, not skipped: an owner that died may have
    called already. Where that is only claimed, neither is made before a read tells.
    """
    wanted: dict[Op, list[str]] = {"remove": [], "add": []}
    planned: list[tuple[str, Op]] = [(tag, "remove") for tag in intent.remove]
    planned += [(tag, "add") for tag in intent.add]
    held = standing(state)
    for tag, op in planned:
        wish, claim = held.get(label_key(tag)), state.claims.get(label_key(tag))
        if claim is not None and claim.want != op:
            continue
        if wish is None or wish.want == op:
            wanted[op].append(tag)
        else:
            wanted[wish.want].append(wish.tag if wish.want == "add" else tag)
    return {op: tuple(tags) for op, tags in wanted.items() if tags}


def made(intent: Intent, recorded: Audit, now: int) -> dict[str, Write]:
    """Return the calls that were made for an intent whose record was ``recorded``, as if they had been made now.

    Late is safe: where a person has spoken since, what they want is done once more.
    """
    ops: list[tuple[str, Op]] = [(tag, "remove") for tag in intent.remove]
    ops += [(tag, "add") for tag in intent.add]
    if recorded.outcome == "gone":  # perhaps: the asset was gone when that was found out
        ops = [(tag, "add") for tag in intent.add]
    elif recorded.outcome == "failed":  # refused: only what was done is in the record
        done = {*recorded.tags.added, *recorded.tags.removed}
        ops = [(tag, op) for tag, op in ops if tag in done]
    return {tag: Write(op, now, recorded.asset.version) for tag, op in ops}


def finalized(state: AssetState, intent: Intent, audit: Audit, writes: dict[str, Write], now: int) -> AssetState:
    """Return the state after the intent: what it decided, less the tags on which a person spoke meanwhile."""
    outcome = intent.outcome
    if audit.trigger.kind == "review" and audit.outcome in ("failed", "gone"):
        state, outcome = unanswered(state, intent, audit)
    held = standing(state)
    ours = {tag: labels for tag, labels in outcome.ours.items() if label_key(tag) not in held}
    review = tuple(tag for tag in outcome.review if label_key(tag) not in held)
    status = outcome.status if audit.trigger.kind in _PEOPLES and audit.outcome != "gone" else audit.outcome
    gone, back = audit.outcome == "gone", _is_back(state, audit)
    if back:
        status = "pending"
    if back or (state.dirty is not None and state.restored_at > moment(audit)):
        outcome = replace(outcome, decided="")  # it was seen since, perhaps with other tags, and is looked at again
    if gone:
        ours = {tag: labels for tag, labels in state.ours.items() if back and label_key(tag) not in held}
        review = ()
    elif audit.outcome == "failed" and outcome.status != "failed":  # Cloudinary refused: only what was done counts
        ours = {tag: labels for tag, labels in {**state.ours, **ours}.items() if _stands(tag, state, writes)}
    removed = {tag for tag, write in writes.items() if write.op == "remove"}
    facts = state.facts
    if facts is not None:
        facts = replace(facts, tags=tuple(tag for tag in facts.tags if tag not in removed))
    since = outcome.asked_at or (state.asked_at if {*review} & {*state.review} else 0)
    return replace(
        state,
        status=status,
        ours=ours,
        givers={tag: by for tag, by in {**state.givers, **outcome.givers}.items() if tag in ours},
        writes=_with(state.writes, _and_the_planned(writes, intent, moment(audit))),
        facts=facts,
        decided=outcome.decided,
        review=review,
        asked_at=(since or now) if review else 0,
        intent=None,
        follow_up_at=now if state.dirty or state.outbox else 0,
        final_at=state.final_at if status == "gone" and audit.outcome != "gone" else now,  # since when it is gone
        restored_at=shown_at(state) if back else state.restored_at,
    )


def _is_back(state: AssetState, audit: Audit) -> bool:
    """Whether the asset was seen again while the intent that found it to be gone was open.

    What was ours then is ours still, as far as it was seen; whether it stands is judged when it is decided on again.
    """
    return audit.outcome == "gone" and state.dirty is not None and state.deleted_at <= state.restored_at


def _and_the_planned(writes: dict[str, Write], intent: Intent, claimed_at: int) -> dict[str, Write]:
    """Return ``writes`` with the planned calls that they are the opposite of: before a person spoke, these were made.

    By this owner, or perhaps by one that died. Cloudinary may notify of them later than of the opposite ones. One that
    died may also have made a call that was repeated.
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
    """Return the last calls once ``more`` were made, each with the last opposite one."""
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


def _stands(tag: str, state: AssetState, writes: dict[str, Write]) -> bool:
    write = writes.get(tag)
    return write.op == "add" if write else tag in state.ours


def refused(audit: Audit, reason: str, done: dict[str, Write]) -> Audit:
    """Return the record of an intent that Cloudinary refused for good: only the calls that were made remain in it."""
    tags = replace(
        audit.tags,
        added=tuple(tag for tag in audit.tags.added if tag in done),
        removed=tuple(tag for tag in audit.tags.removed if tag in done),
    )
    return replace(audit, outcome="failed", reason=reason, tags=tags, decided=_decided(audit))


def vanished(audit: Audit) -> Audit:
    """Return the record of an intent whose asset turned out to be deleted."""
    tags = replace(audit.tags, added=(), removed=())
    return replace(audit, outcome="gone", reason="the asset was deleted", tags=tags, decided=_decided(audit))


def _decided(audit: Audit) -> Decided:
    return Decided(audit.outcome, audit.tags, audit.reason)


def decode_audit(intent: Intent) -> Audit:
    """Return the audit that the intent fixed."""
    return msgspec.json.decode(intent.audit, type=Audit)
