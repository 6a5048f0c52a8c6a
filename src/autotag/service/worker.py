"""The dispatch of each queue message to the use-case that handles it."""

from typing import assert_never

from autotag.domain.model.audit import trigger_of
from autotag.domain.model.messages import (
    AssetDeleted,
    AssetMoved,
    AssetRenamed,
    ContextChanged,
    FolderMoved,
    LabelsObserved,
    ProcessRunGroup,
    RefetchAsset,
    ReviewAnswered,
    TagsEdited,
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
        case LabelsObserved():
            step = observe(world, message, trigger_of("webhook", message.source), remaining)
            if step == "read":
                try_poll(world, message.asset.asset_id, remaining)
        case TagsEdited():
            if person(world, message, remaining):
                try_poll(world, message.asset.asset_id, remaining)
        case AssetRenamed():
            if renamed(world, message, remaining):
                try_poll(world, message.asset.asset_id, remaining)
        case AssetMoved() | ContextChanged():
            if followed(world, message, remaining):
                try_poll(world, message.asset.asset_id, remaining)
        case FolderMoved():
            folder_moved(world, message)
        case AssetDeleted():
            deleted(world, message, remaining)
        case ProcessRunGroup():
            carry(world, message, remaining)
        case ReviewAnswered():
            reviewed(world, message, remaining)
        case RefetchAsset():
            take_hint(world, message)
            try_poll(world, message.asset_id, remaining, hinted=True)
        case _:
            assert_never(message)
