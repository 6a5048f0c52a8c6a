"""The dispatch of each queue message to the use-case that handles it."""

from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.audit import trigger_of
from autotag.domain.model.messages import (
    AboutOne,
    AskSample,
    AssetDeleted,
    AssetMoved,
    AssetRenamed,
    ContextChanged,
    DetectLabels,
    FinishDue,
    FolderMoved,
    LabelsObserved,
    MetadataChanged,
    ProcessRunGroup,
    RefetchAsset,
    ReviewAnswered,
    TagsEdited,
    Task,
    asset_id_of,
)
from autotag.service.context import Dependencies, Remaining
from autotag.service.review.apply_answers import apply_answers, apply_waiting
from autotag.service.runs.group import process_group
from autotag.service.tagging.acknowledge import SeenStates, leave_in_index
from autotag.service.tagging.asset_facts import handle_fact_change, handle_folder_move
from autotag.service.tagging.finish_due import finish_due
from autotag.service.tagging.hints import handle_hint
from autotag.service.tagging.lifecycle import handle_delete, handle_rename
from autotag.service.tagging.observe import record_observation
from autotag.service.tagging.person_edits import handle_tag_edit
from autotag.service.tagging.poll import try_poll

if TYPE_CHECKING:  # a type only, as in the context
    from autotag.ports.detection import DetectionPorts


def handle(deps: Dependencies, message: Task, remaining: Remaining, *, received_before: bool = True) -> None:
    """Handle one message. Once this returns, all work that is left is stored with a due time, in the due index.

    ``received_before``: whether a worker may have begun with this message already, so that this may be its last
    receive; True where that is not known. Raises ``Retryable`` if the message must be received again, or in the case of
    due work be sent again.
    """
    if isinstance(message, AboutOne):
        seen = SeenStates(deps.store)
        deps = replace(deps, store=seen)
        _handle(deps, message, remaining, held=not received_before)
        leave_in_index(deps, seen, asset_id_of(message), remaining)
        if deps.detection is not None:
            _send_wish(deps, deps.detection, seen, asset_id_of(message))
    else:
        _handle(deps, message, remaining, held=False)


def _handle(deps: Dependencies, message: Task, remaining: Remaining, *, held: bool) -> None:
    """Handle one message. If it is ``held``, the queue delivers it again after a death of this process."""
    match message:
        case LabelsObserved():
            step = record_observation(deps, message, trigger_of("webhook", message.source), remaining, held=held)
            if step == "read":
                try_poll(deps, message.asset.asset_id, remaining)
        case TagsEdited():
            if handle_tag_edit(deps, message, remaining, held=held):
                try_poll(deps, message.asset.asset_id, remaining)
        case AssetRenamed():
            if handle_rename(deps, message, remaining):
                try_poll(deps, message.asset.asset_id, remaining)
        case AssetMoved() | ContextChanged() | MetadataChanged():
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
        case AskSample():
            from autotag.service.review.apply_sample import apply_sample  # rare, so cold starts are without it

            apply_sample(deps, message)
        case FinishDue():
            if finish_due(deps, message.asset_id, remaining):
                apply_waiting(deps, message.asset_id, remaining)
        case DetectLabels():
            from autotag.service.detection.ask import ask  # only where Rekognition is asked

            ask(deps, message.asset_id, remaining)
        case RefetchAsset():
            if handle_hint(deps, message):
                try_poll(deps, message.asset_id, remaining, hinted=True)
        case _:
            assert_never(message)


def _send_wish(deps: Dependencies, detection: "DetectionPorts", seen: SeenStates, asset_id: str) -> None:
    """Queue the call of Rekognition that an asset waits for, unless somebody began with it.

    Where that fails, the due index has it.
    """
    state = seen.last(asset_id)
    claim = state.detect if state is not None else None
    if claim is None or claim.owner or claim.waits or claim.attempts:
        return
    try:
        detection.queue.send([asset_id])
    except Retryable as error:
        deps.telemetry.warn("detection_not_queued", asset_id=asset_id, fault=str(error))
