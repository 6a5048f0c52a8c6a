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
from autotag.service.review.apply_answers import apply_answers
from autotag.service.runs.group import process_group
from autotag.service.tagging.asset_facts import handle_fact_change, handle_folder_move
from autotag.service.tagging.hints import handle_hint
from autotag.service.tagging.lifecycle import handle_delete, handle_rename
from autotag.service.tagging.observe import record_observation
from autotag.service.tagging.person_edits import handle_tag_edit
from autotag.service.tagging.poll import try_poll


def handle(world: World, message: Task, remaining: Remaining) -> None:
    """Handle one message. Once this returns, all work that is left is stored with a due time.

    Raises ``Retryable`` if the message must be received again.
    """
    match message:
        case LabelsObserved():
            step = record_observation(world, message, trigger_of("webhook", message.source), remaining)
            if step == "read":
                try_poll(world, message.asset.asset_id, remaining)
        case TagsEdited():
            if handle_tag_edit(world, message, remaining):
                try_poll(world, message.asset.asset_id, remaining)
        case AssetRenamed():
            if handle_rename(world, message, remaining):
                try_poll(world, message.asset.asset_id, remaining)
        case AssetMoved() | ContextChanged():
            if handle_fact_change(world, message, remaining):
                try_poll(world, message.asset.asset_id, remaining)
        case FolderMoved():
            handle_folder_move(world, message)
        case AssetDeleted():
            handle_delete(world, message, remaining)
        case ProcessRunGroup():
            process_group(world, message, remaining)
        case ReviewAnswered():
            apply_answers(world, message, remaining)
        case RefetchAsset():
            handle_hint(world, message)
            try_poll(world, message.asset_id, remaining, hinted=True)
        case _:
            assert_never(message)
