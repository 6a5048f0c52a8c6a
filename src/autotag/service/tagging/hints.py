"""Hints: messages that are only trusted to say which asset to read.

The cost of a hint is bounded: its read comes out of the hints' share of the Admin budget, one read ends it, and it is
dropped if the asset could not be read by the deadline.
"""

from msgspec.structs import replace

from autotag.domain.errors import TooLarge
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import RefetchAsset, TagsEdited
from autotag.domain.state.asset_state import AssetState, due_again, own_poll
from autotag.domain.state.echo import without_echo
from autotag.domain.state.item_size import has_room_for_claims
from autotag.domain.state.tag_ownership import claiming
from autotag.service.context import Dependencies
from autotag.service.tagging.person_edits import read_again


def handle_hint(deps: Dependencies, message: RefetchAsset) -> bool:
    """Make an asset due to be read, unless it already is; return whether it is to be read at all.

    Edits that the hint claims are kept until a read. A hint of labels that no rule asks for is dropped.
    """
    if message.provider and message.provider not in deps.rules.active().ruleset.providers:
        deps.telemetry.count("Ignored")
        deps.telemetry.info("ignored", asset_id=message.asset_id, provider=message.provider)
        return False
    while True:
        stored = deps.store.load(message.asset_id)
        state = stored or AssetState(AssetRef(message.asset_id, "", "", "", 0), "pending")
        poll = state.poll
        if poll is None or poll.hint:
            poll = deps.new_poll(hint=True)
        due = replace(_claimed(deps, state, message), poll=poll)
        if due == stored:
            return True
        try:
            written = deps.store.put(due, expected=stored)
        except TooLarge as error:
            deps.telemetry.warn("item_too_large", asset_id=message.asset_id, fault=str(error))
            written = deps.store.put(replace(read_again(deps, state), poll=due.poll), expected=stored)
        if written is not None:
            return True


def read_soon(deps: Dependencies, asset_id: str) -> None:
    """Make a known asset due to be read at once, as its trusted notification requires."""
    written = None
    while written is None:
        state = deps.store.load(asset_id)
        if state is None:
            return
        due = due_again(state, deps.clock.now(), deps.pace.deadline)
        written = deps.store.put(replace(state, poll=due), expected=state)


def give_up(deps: Dependencies, state: AssetState) -> None:
    """Leave an asset unread. An asset that is only known from a hint is forgotten."""
    status = state.status if state.asset.public_id else "skipped"
    final_at = state.final_at or deps.clock.now()
    ended = replace(state, status=status, poll=None, claims={}, final_at=final_at)
    if deps.store.put(ended, expected=state) is not None and own_poll(state) is None:
        deps.telemetry.count("HintsDropped")
        deps.telemetry.warn("hint_dropped", asset_id=state.asset.asset_id)


def _claimed(deps: Dependencies, state: AssetState, message: RefetchAsset) -> AssetState:
    if not (message.added or message.removed):
        return state
    edit = TagsEdited(
        state.asset,
        message.observed_at,
        message.by,
        message.source,
        message.added,
        message.removed,
        message.by_hand,
    )
    claimed = claiming(state, without_echo(state, edit, deps.cloudinary.own_keys()))
    if has_room_for_claims(claimed):
        return claimed
    deps.telemetry.count("HintsDropped")
    deps.telemetry.warn("item_too_large", asset_id=state.asset.asset_id, fault="the claims about edits do not fit")
    return state
