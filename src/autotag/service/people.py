"""What people do to tags is written down at once, and is never undone by this service."""

from msgspec import UNSET
from msgspec.structs import replace

from autotag import ENGINE_VERSION
from autotag.domain.asking import stood_for
from autotag.domain.audit import Audit, RulesRef, TagChange, audit_id, iso, trigger_of
from autotag.domain.errors import Retryable, TooLarge
from autotag.domain.labels import label_key
from autotag.domain.message import PersonTags
from autotag.domain.people import known_tags, opposed, register
from autotag.domain.plan import with_intent
from autotag.domain.room import slimmed
from autotag.domain.state import AssetState, Op, Outcome, Poll
from autotag.service.apply import RETRY, announced, carry_out
from autotag.service.decide import follow_up
from autotag.service.world import Remaining, World

_TRIES = 50


def person(world: World, message: PersonTags, remaining: Remaining) -> None:
    """Register what a person did to the tags of one asset; audit it where it touched ours; repair what we undid."""
    slim = False
    for _ in range(_TRIES):
        stored = world.store.load(message.asset.asset_id)
        state = stored or AssetState(message.asset, "skipped")
        change = _without_echo(state, message, world.cloudinary.own_key())
        if register(state, change).people == state.people:
            world.telemetry.count("Duplicate")
            if stored is None or _told(world, stored, change):
                return
            continue
        if slim:
            state = read_again(world, state)
        try:
            if _write_down(world, state, stored, change, remaining):
                return
        except TooLarge as error:
            if slim:
                _refuse(world, state, change, error)
                return
            slim = True  # what a person did cannot be read again, the rest can
    raise Retryable(f"{message.asset.asset_id} is too busy", delay=5)


def _write_down(
    world: World, state: AssetState, stored: AssetState | None, change: PersonTags, remaining: Remaining
) -> bool:
    """Store what a person did; False where the stored state changed underneath."""
    stands = stood_for(state, world.rules.active()[0]) if change.removed else {}
    changed = register(state, change, stands=stands)
    fixes = opposed(changed)
    ours = _ours(state, change)
    if state.intent is None and (ours or fixes):
        return _claim(world, changed, stored, change, ours, fixes, remaining)
    if ours:  # the owner of the open intent finds the wish in the state; the record is not its business
        record = _record(world, state, change, ours)
        world.audits.put(record)
        if not announced(world, record):
            now = world.clock.now()
            changed = replace(changed, outbox=(*changed.outbox, record.audit_id), follow_up_at=now + RETRY * 1000)
    return world.store.put(changed, over=stored) is not None


def _told(world: World, state: AssetState, change: PersonTags) -> bool:
    """See to it that a record of ``change`` is announced: whoever put it may have died before that.

    False where the stored state changed underneath.
    """
    record = world.audits.get(_record_id(change))
    if record is None or record.audit_id in state.outbox or announced(world, record):
        return True
    later = world.clock.now() + RETRY * 1000
    waiting = replace(state, outbox=(*state.outbox, record.audit_id), follow_up_at=later)
    return world.store.put(waiting, over=state) is not None


def read_again(world: World, state: AssetState) -> AssetState:
    """Return ``state`` without what can be read again, due to be read."""
    now = world.clock.now()
    return replace(slimmed(state), poll=state.poll or Poll(now, 0, now + world.pace.deadline * 1000))


def _refuse(world: World, state: AssetState, change: PersonTags, error: TooLarge) -> None:
    """Record that there was no room for what a person did, which nobody but an attacker brings about."""
    world.telemetry.count("Failed")
    reason = f"what a person did to {len(change.added) + len(change.removed)} tags is too large to be kept: {error}"
    record = _record(world, state, change, frozenset())
    record = replace(record, outcome="failed", reason=reason, tags=TagChange((), (), ()))
    world.audits.put(record)
    world.bus.announce(record)


def _claim(
    world: World,
    changed: AssetState,
    stored: AssetState | None,
    change: PersonTags,
    ours: frozenset[str],
    fixes: dict[str, Op],
    remaining: Remaining,
) -> bool:
    claimed = with_intent(
        changed,
        _record(world, stored or changed, change, ours),
        Outcome(changed.status, changed.ours, changed.decided, changed.review),
        world.grant(remaining),
        add=tuple(tag for tag, op in fixes.items() if op == "add"),
        remove=tuple(tag for tag, op in fixes.items() if op == "remove"),
    )
    owned = world.store.put(claimed, over=stored)
    if owned is None:
        return False
    follow_up(world, carry_out(world, owned, remaining), remaining)
    return True


def _without_echo(state: AssetState, message: PersonTags, own_key: str) -> PersonTags:
    """Drop what our own calls did, where a person may call with the same API key: the rest is a person's."""
    if not message.by or message.by != own_key:
        return message
    ours: set[tuple[str, Op]] = {(label_key(tag), write.op) for tag, write in state.writes.items()}
    if state.intent is not None:
        ours |= {(label_key(tag), "add") for tag in state.intent.add}
        ours |= {(label_key(tag), "remove") for tag in state.intent.remove}
    return replace(
        message,
        added=tuple(tag for tag in message.added if (label_key(tag), "add") not in ours),
        removed=tuple(tag for tag in message.removed if (label_key(tag), "remove") not in ours),
    )


def _ours(state: AssetState, change: PersonTags) -> frozenset[str]:
    """Return the tags in ``change`` that this service added, or is just adding."""
    own = {label_key(tag) for tag in state.ours}
    if state.intent is not None:
        own |= {label_key(tag) for tag in state.intent.outcome.ours}
    return frozenset(tag for tag in (*change.added, *change.removed) if label_key(tag) in own)


def _record_id(change: PersonTags) -> str:
    """Return the id of a record, which depends on the event alone: one that comes twice is recorded once."""
    return audit_id(change.asset.asset_id, change.observed_at, change.source.digest[:12] or "absent")


def _record(world: World, state: AssetState, change: PersonTags, ours: frozenset[str]) -> Audit:
    """Return the audit of ``change``, as far as it touched ``ours``."""
    rulebook, _ = world.rules.active()
    added = tuple(tag for tag in change.added if tag in ours)
    removed = tuple(tag for tag in change.removed if tag in ours)
    return Audit(
        audit_id=_record_id(change),
        at=iso(change.observed_at),
        asset=state.asset,
        trigger=trigger_of("person", change.source),
        rules=RulesRef(rulebook.name, rulebook.version),
        mode="apply",
        outcome="tagged" if added or removed else "unchanged",
        tags=TagChange(known_tags(state), added, removed),
        labels=(),
        engine=ENGINE_VERSION,
        reason=f"a person ({change.by}) changed the tags" if change.by else "a person changed the tags",
        inputs=UNSET,
    )
