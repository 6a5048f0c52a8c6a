"""What people do to tags is written down at once, and is never undone by this service."""

from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.errors import Retryable, TooLarge
from autotag.domain.model.audit import Audit
from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import PersonTags
from autotag.domain.review.questions import stood_for
from autotag.domain.state.asset_state import AssetState, Outcome, due_poll, is_deleted
from autotag.domain.state.auto_tagging import with_assigned, without_assigned
from autotag.domain.state.claim import with_intent
from autotag.domain.state.echo import without_echo
from autotag.domain.state.edit_audit import person_audit, record_id
from autotag.domain.state.item_size import slimmed
from autotag.domain.state.tag_ownership import opposed, register
from autotag.domain.state.tags_present import cleared_at, on_asset
from autotag.service.context import Remaining, World
from autotag.service.tagging.decide import follow_up
from autotag.service.tagging.execute import announced, carry_out, in_outbox

_TRIES = 50


class Written(NamedTuple):
    """What a person did is stored; ``final`` is None where the intent for it waits, or is another owner's."""

    final: AssetState | None


def person(world: World, message: PersonTags, remaining: Remaining) -> bool:
    """Register what a person did to the tags of one asset; audit it where it touched ours; repair what we undid.

    Returns whether the asset is to be read now: its labels tell whether Cloudinary itself added the tags, or two
    changes of one time contradict each other.
    """
    slim = False
    for _ in range(_TRIES):
        stored = world.store.load(message.asset.asset_id)
        state = stored or AssetState(message.asset, "skipped")
        change, machines = _peoples(world, state, message)
        known = with_assigned(_registered(world, state, change), machines, message.observed_at)
        if known == state:
            world.telemetry.count("Duplicate")
            if _told(world, state, message):
                return False
            continue
        known = _due(world, state, known, change)
        if slim:
            known = read_again(world, known)
        try:
            written = _write_down(world, stored, state, known, message, change, remaining)
        except TooLarge as error:
            if slim:
                _refuse(world, state, message, error)
                return False
            slim = True  # what a person did cannot be read again, the rest can
            continue
        if written is not None:
            follow_up(world, written.final, remaining)
            return known.poll != state.poll
    raise Retryable(f"{message.asset.asset_id} is too busy", delay=5)


def noticed(
    world: World, over: AssetState, known: AssetState, change: PersonTags, remaining: Remaining
) -> Written | None:
    """Register in ``known`` what a read has shown a person to have done, if the stored state is still ``over``.

    Returns None where it is not. Raises ``TooLarge``.
    """
    return _write_down(world, over, over, _registered(world, known, change), change, change, remaining)


def read_again(world: World, state: AssetState) -> AssetState:
    """Return ``state`` without what can be read again, due to be read."""
    return replace(slimmed(state), poll=state.poll or due_poll(world.clock.now(), world.pace.deadline))


def _registered(world: World, state: AssetState, change: PersonTags) -> AssetState:
    stands = stood_for(state, world.rules.active()[0], change.removed) if change.removed else {}
    return register(state, change, stands=stands)


def _peoples(world: World, state: AssetState, message: PersonTags) -> tuple[PersonTags, tuple[str, ...]]:
    """Return what of ``message`` a person did, and the tags that Cloudinary assigned itself."""
    change = without_echo(state, message, world.cloudinary.own_key())
    return without_assigned(state, change, state.categorizations)


def _due(world: World, state: AssetState, known: AssetState, change: PersonTags) -> AssetState:
    """Return ``known`` due to be read where a read is to tell more: whose the change was, or how it ended."""
    now, deadline = world.clock.now(), world.pace.deadline
    if known.claims.keys() - state.claims.keys():
        return replace(known, poll=due_poll(now, deadline))
    labels = any(found.status == "complete" for found in known.categorizations.values())
    if change.added and not change.by_hand and not labels and known.poll is None and not is_deleted(known):
        return replace(known, poll=due_poll(now, deadline, hint=True))
    return known


def _write_down(
    world: World,
    stored: AssetState | None,
    state: AssetState,
    changed: AssetState,
    message: PersonTags,
    change: PersonTags,
    remaining: Remaining,
) -> Written | None:
    """Store ``changed``, which is ``state`` with ``change``; None where the stored state changed underneath."""
    fixes = opposed(changed)
    ours = _ours(state, change)
    if state.intent is None and (ours or fixes):
        claimed = with_intent(
            changed,
            _record(world, state, message, ours),
            Outcome(changed.status, changed.ours, changed.decided, changed.review),
            world.grant(remaining),
            add=tuple(tag for tag, op in fixes.items() if op == "add"),
            remove=tuple(tag for tag, op in fixes.items() if op == "remove"),
        )
        owned = world.store.put(claimed, over=stored)
        return None if owned is None else Written(carry_out(world, owned, remaining))
    record: Audit | None
    if ours:  # the owner of the open intent finds the wish in the state; the record is not its business
        record = _record(world, state, message, ours)
        world.audits.put(record)
    else:  # a process that died may have put it while they were ours
        record = world.audits.get(record_id(message))
    if record is not None and not announced(world, record):
        changed = in_outbox(changed, record, world.clock.now())
    final = world.store.put(changed, over=stored)
    return None if final is None else Written(final)


def _told(world: World, state: AssetState, message: PersonTags) -> bool:
    """See to it that a record of ``message`` is announced: whoever put it may have died before that.

    False where the stored state changed underneath.
    """
    record = world.audits.get(record_id(message))
    if record is None or record.audit_id in state.outbox or announced(world, record):
        return True
    return world.store.put(in_outbox(state, record, world.clock.now()), over=state) is not None


def _record(world: World, state: AssetState, message: PersonTags, ours: frozenset[str]) -> Audit:
    return person_audit(state, message, ours, world.rules.active()[0])


def _refuse(world: World, state: AssetState, message: PersonTags, error: TooLarge) -> None:
    """Record that there was no room for what a person did, which nobody but an attacker brings about."""
    world.telemetry.count("Failed")
    tags = len(message.added) + len(message.removed)
    reason = f"what a person did to {tags} tags is too large to be kept: {error}"
    record = person_audit(state, message, frozenset(), world.rules.active()[0], refused=reason)
    world.audits.put(record)
    world.bus.announce(record)


def _ours(state: AssetState, change: PersonTags) -> frozenset[str]:
    """Return the tags in ``change`` that this service added, or is just adding."""
    known = on_asset(state) if change.observed_at >= cleared_at(state) else state.ours
    own = {label_key(tag) for tag in known}
    if state.intent is not None:
        own |= {label_key(tag) for tag in state.intent.outcome.ours}
    return frozenset(tag for tag in (*change.added, *change.removed) if label_key(tag) in own)
