"""The dispatch of each queue message to the use-case that handles it."""

from typing import assert_never

from autotag.domain.model.audit import trigger_of
from autotag.domain.model.messages import (
    AssetDeleted,
    AssetMoved,
    AssetRenamed,
    ContextChanged,
    FinishDue,
    FolderMoved,
    LabelsObserved,
    ProcessRunGroup,
    RefetchAsset,
    ReviewAnswered,
    TagsEdited,
    Task,
)
from autotag.service.context import Dependencies, Remaining
from autotag.service.review.apply_answers import apply_answers, apply_waiting
from autotag.service.runs.group import process_group
from autotag.service.tagging.asset_facts import handle_fact_change, handle_folder_move
from autotag.service.tagging.finish_due import finish_due
from autotag.service.tagging.hints import handle_hint
from autotag.service.tagging.lifecycle import handle_delete, handle_rename
from autotag.service.tagging.observe import record_observation
from autotag.service.tagging.person_edits import handle_tag_edit
from autotag.service.tagging.poll import try_poll


def handle(deps: Dependencies, message: Task, remaining: Remaining, *, received_before: bool = True) -> None:
    """Handle one message. Once this returns, all work that is left is stored with a due time.

    ``received_before``: whether a worker may have begun with this message already; True where that is not known.
    Raises ``Retryable`` if the message must be received again, or in the case of due work be sent again.
    """
    match message:
        case LabelsObserved():
            step = record_observation(deps, message, trigger_of("webhook", message.source), remaining)
            if step == "read":
                try_poll(deps, message.asset.asset_id, remaining)
        case TagsEdited():
            if handle_tag_edit(deps, message, remaining, received_before=received_before):
                try_poll(deps, message.asset.asset_id, remaining)
        case AssetRenamed():
            if handle_rename(deps, message, remaining):
                try_poll(deps, message.asset.asset_id, remaining)
        case AssetMoved() | ContextChanged():
            if handle_fact_change(deps, message, remaining):
                try_poll(deps, message.asset.asset_id, remaining)
        case FolderMoved():
            handle_folder_move(deps, message)
        case AssetDeleted():
            handle_delete(deps, message, remaining)
        case ProcessRunGroup():
            process_group(deps, message, remaining)
        case ReviewAnswered():
            apply_answers(deps, message, remaining)
        case FinishDue():
            if finish_due(deps, message.asset_id, remaining):
                apply_waiting(deps, message.asset_id, remaining)
        case RefetchAsset():
            if handle_hint(deps, message):
                try_poll(deps, message.asset_id, remaining, hinted=True)
        case _:
            assert_never(message)
