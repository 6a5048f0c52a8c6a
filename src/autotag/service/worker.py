"""The dispatch of each queue message to the use-case that handles it."""

from typing import assert_never

from autotag.domain.model.audit import trigger_of
from autotag.domain.model.messages import (
    Bulk,
    ContextChanged,
    Deleted,
    FolderMoved,
    Labelled,
    Moved,
    PersonTags,
    Recheck,
    Renamed,
    Reviewed,
    Task,
)
from autotag.service.context import Remaining, World
from autotag.service.review.apply_answers import reviewed
from autotag.service.runs.group import carry
from autotag.service.tagging.asset_facts import folder_moved, followed
from autotag.service.tagging.hints import take_hint
from autotag.service.tagging.lifecycle import deleted, renamed
from autotag.service.tagging.observe import observe
from autotag.service.tagging.person_edits import person
from autotag.service.tagging.poll import try_poll


def handle(world: World, message: Task, remaining: Remaining) -> None:
    """Handle one message. Once this returns, all work that is left is stored with a due time.

    Raises ``Retryable`` if the message must be received again.
    """
    match message:
        case Labelled():
            step = observe(world, message, trigger_of("webhook", message.source), remaining)
            if step == "read":
                try_poll(world, message.asset.asset_id, remaining)
        case PersonTags():
            if person(world, message, remaining):
                try_poll(world, message.asset.asset_id, remaining)
        case Renamed():
            if renamed(world, message, remaining):
                try_poll(world, message.asset.asset_id, remaining)
        case Moved() | ContextChanged():
            if followed(world, message, remaining):
                try_poll(world, message.asset.asset_id, remaining)
        case FolderMoved():
            folder_moved(world, message)
        case Deleted():
            deleted(world, message, remaining)
        case Bulk():
            carry(world, message, remaining)
        case Reviewed():
            reviewed(world, message, remaining)
        case Recheck():
            take_hint(world, message)
            try_poll(world, message.asset_id, remaining, hinted=True)
        case _:
            assert_never(message)
