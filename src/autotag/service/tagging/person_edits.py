"""People's edits of tags: stored at once, and never undone by this service."""

from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.errors import TooLarge
from autotag.domain.model.audit import Audit
from autotag.domain.model.messages import TagsEdited
from autotag.domain.review.questions import stood_for
from autotag.domain.state.asset_state import AssetState, NextState, is_deleted
from autotag.domain.state.auto_tagging import with_assigned
from autotag.domain.state.claim import Calls, open_intent
from autotag.domain.state.echo import without_echo
from autotag.domain.state.item_size import without_refetchable
from autotag.domain.state.person_edits import by_person, managed_in, person_audit, record_id
from autotag.domain.state.tag_ownership import apply_person_edit, conflicting_writes
from autotag.service.context import Dependencies, Remaining, decided_with, retry_conflicts
from autotag.service.tagging.decide import follow_up
from autotag.service.tagging.execute import announced, execute_intent, in_outbox


class _Edit(NamedTuple):
    """A person's edit of ``state``, the stored or an empty one; ``change`` is the part of ``message`` that they did."""

    stored: AssetState | None
    state: AssetState
    message: TagsEdited
    change: TagsEdited
    held: bool = False


class Written(NamedTuple):
    """The result of storing an edit; ``final`` is None if its intent waits, or has another owner."""

    final: AssetState | None


def handle_tag_edit(deps: Dependencies, message: TagsEdited, remaining: Remaining, *, held: bool = False) -> bool:
    """Register a person's edit of one asset. Audit it if it touched managed tags; repair what this service undid.

    ``held``: the queue delivers ``message`` again if this process dies. Returns whether the asset must be read now: its
    labels show whether Cloudinary itself added the tags, or two changes of the same time contradict each other.
    """

    def attempt() -> bool | None:
        stored = deps.store.load(message.asset.asset_id)
        state = stored or AssetState(message.asset, "skipped")
        own_keys = _own_keys(deps, state, message)
        change, assigned = by_person(state, message, own_keys)
        known = with_assigned(_registered(deps, state, change), assigned, message.observed_at)
        if known == state:
            deps.telemetry.count("Duplicate")
            echo = not (change.added or change.removed or assigned)
            if echo and held:  # no process may have recorded it, or taken it for a person's
                return False
            return False if _ensure_announced(deps, state, message) else None
        known = _due(deps, state, known, change)
        edit = _Edit(stored, state, message, change, held and message.by not in own_keys)
        try:
            written = _write_down(deps, edit, known, remaining)
        except TooLarge:  # an edit cannot be read again, the rest can
            known = read_again(deps, known)
            try:
                written = _write_down(deps, edit, known, remaining)
            except TooLarge as error:
                _refuse(deps, state, message, error)
                return False
        if written is None:
            return None
        follow_up(deps, written.final, remaining)
        return known.poll != state.poll

    return retry_conflicts(message.asset.asset_id, attempt)


def _own_keys(deps: Dependencies, state: AssetState, change: TagsEdited) -> frozenset[str]:
    """Return the keys of this service, read anew if ``change`` looks like its own call with a key that it lacks.

    After a rotation a process keeps its credentials for minutes, and another one calls with the new key already: the
    notification of that call must not count as a person's. Raises ``Retryable`` if they cannot be read.
    """
    known = deps.cloudinary.own_keys()
    if not change.by or change.by in known or without_echo(state, change, {change.by}) == change:
        return known
    return deps.cloudinary.own_keys(newest=True)


def record_noticed_edit(
    deps: Dependencies, expected: AssetState, known: AssetState, change: TagsEdited, remaining: Remaining
) -> Written | None:
    """Register in ``known`` a person's edit that a read has shown, if the stored state is still ``expected``.

    Returns None if it is not. Raises ``TooLarge``.
    """
    return _write_down(deps, _Edit(expected, expected, change, change), _registered(deps, known, change), remaining)


def read_again(deps: Dependencies, state: AssetState) -> AssetState:
    """Return ``state``, due to be read, without the parts that a read restores."""
    return replace(without_refetchable(state), poll=state.poll or deps.new_poll())


def _registered(deps: Dependencies, state: AssetState, change: TagsEdited) -> AssetState:
    stands = stood_for(state, deps.rules.active().ruleset, change.removed) if change.removed else {}
    known = apply_person_edit(state, change, stands=stands)
    return known if known.people == state.people else _judged(deps, state, known, change)


def _judged(deps: Dependencies, state: AssetState, known: AssetState, change: TagsEdited) -> AssetState:
    """Return ``known``, the state after ``change``, with what held for the tags that a person changed and left."""
    # imported here since most messages are no person's: cold starts are shorter
    from autotag.domain.review.bars import held_at, with_bars
    from autotag.domain.review.left import with_left

    held = held_at(state, change.observed_at, decided_with(deps, state))
    return with_left(state, with_bars(state, known, change.observed_at, held), change, held)


def _due(deps: Dependencies, state: AssetState, known: AssetState, change: TagsEdited) -> AssetState:
    """Return ``known``, due to be read if a read can show whether a person made the change, or how it ended."""
    if known.claims.keys() - state.claims.keys():
        return replace(known, poll=deps.new_poll())
    labels = any(found.status == "complete" for found in known.categorizations.values())
    if change.added and not change.by_hand and not labels and known.poll is None and not is_deleted(known):
        return replace(known, poll=deps.new_poll(hint=True))
    return known


def _write_down(deps: Dependencies, edit: _Edit, changed: AssetState, remaining: Remaining) -> Written | None:
    """Store ``changed``, the state after ``edit``; return None if the stored state changed meanwhile."""
    stored, state, message, change, held = edit
    fixes = conflicting_writes(changed)
    managed_tags = managed_in(state, change)
    if state.intent is None and (managed_tags or fixes):
        claimed = open_intent(
            changed,
            _record(deps, state, message, managed_tags),
            NextState(changed.status, changed.managed_tags, changed.decided, changed.review),
            deps.new_lease(remaining),
            calls=Calls(
                add=tuple(tag for tag, op in fixes.items() if op == "add"),
                remove=tuple(tag for tag, op in fixes.items() if op == "remove"),
            ),
            indexed=not (held and _is_news(changed, stored)),
        )
        owned = deps.store.put(claimed, expected=stored)
        return None if owned is None else Written(execute_intent(deps, owned, remaining))
    record: Audit | None
    if managed_tags:  # the owner of the open intent finds the preference in the state, but does not audit it
        record = _record(deps, state, message, managed_tags)
        deps.audits.put(record)
    else:  # a process that died may have stored it while the tags were managed
        record = deps.audits.get(record_id(message))
    if record is not None and not announced(deps, record):
        changed = in_outbox(changed, record, deps.clock.now())
    final = deps.store.put(changed, expected=stored)
    return None if final is None else Written(final)


def _is_news(changed: AssetState, stored: AssetState | None) -> bool:
    """Whether an edit is new in ``changed``: then its message was not handled before, so it was not deleted either."""
    if stored is None:
        return True
    return stored.facts is not None and changed.people != stored.people


def _ensure_announced(deps: Dependencies, state: AssetState, message: TagsEdited) -> bool:
    """Publish the audit of ``message`` if that is still to be done: the process that stored it may have died first.

    Returns False if the stored state changed meanwhile.
    """
    record = deps.audits.get(record_id(message))
    if record is None or record.audit_id in state.outbox or announced(deps, record):
        return True
    return deps.store.put(in_outbox(state, record, deps.clock.now()), expected=state) is not None


def _record(deps: Dependencies, state: AssetState, message: TagsEdited, managed_tags: frozenset[str]) -> Audit:
    return person_audit(state, message, managed_tags, deps.rules.active().ruleset)


def _refuse(deps: Dependencies, state: AssetState, message: TagsEdited, error: TooLarge) -> None:
    """Audit as failed an edit that does not fit into the state. Only an attacker can bring that about."""
    deps.telemetry.count("Failed")
    tags = len(message.added) + len(message.removed)
    reason = f"what a person did to {tags} tags is too large to be kept: {error}"
    record = person_audit(state, message, frozenset(), deps.rules.active().ruleset, refused=reason)
    deps.audits.put(record)
    deps.bus.announce(record)
