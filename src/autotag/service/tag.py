"""One message from a queue, about one asset."""

from typing import assert_never

from autotag.domain.audit import trigger_of
from autotag.domain.message import (
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
from autotag.service.bulk import carry
from autotag.service.following import folder_moved, followed
from autotag.service.hints import take_hint
from autotag.service.lifecycle import deleted, renamed
from autotag.service.observe import observe
from autotag.service.people import person
from autotag.service.poll import try_poll
from autotag.service.reviewed import reviewed
from autotag.service.world import Remaining, World


def handle(world: World, message: Task, remaining: Remaining) -> None:
    """Carry out one message. When it returns, whatever is left to do is stored with a due time.

    Raises ``Retryable`` where the message must come again.
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
