"""The messages on the queues. A message concerns one asset and holds only the fields that are used.

Messages are ASCII JSON, so that no transport can change a character.
"""

import json

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import AssetRef, Facts, MetadataValue
from autotag.domain.model.conversion import decoder
from autotag.domain.model.labels import Categorization
from autotag.domain.model.strict_json import decode_by


class MessageOrigin(Struct, frozen=True, omit_defaults=True):
    """The origin of a message, for the audit's ``trigger`` and for the logs."""

    notification_type: str
    digest: str
    request_id: str = ""


READ = MessageOrigin("resource", "")
"""The origin of messages that are made from reads of the Admin API."""


class LabelsObserved(Struct, frozen=True, tag="labels", tag_field="kind", omit_defaults=True):
    """An upload or a completed categorization. ``facts`` is None for ``info`` notifications, which carry none."""

    asset: AssetRef
    categorizations: dict[str, Categorization]
    observed_at: int
    source: MessageOrigin
    facts: Facts | None = None


class TagsEdited(Struct, frozen=True, tag="person", tag_field="kind", omit_defaults=True):
    """Tags that were added to or removed from one asset at ``observed_at`` (ms); ``by`` is the caller's id.

    ``by_hand``: in Cloudinary's console, not by a program. The asset's version is 0, since the notification does not
    contain it.
    """

    asset: AssetRef
    observed_at: int
    by: str
    source: MessageOrigin
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    by_hand: bool = False


class AssetRenamed(Struct, frozen=True, tag="rename", tag_field="kind", omit_defaults=True):
    """The rename of an asset in ``folder`` to another public_id at ``observed_at`` (ms). The version is given as 0."""

    asset: AssetRef
    folder: str
    observed_at: int
    source: MessageOrigin


class AssetMoved(Struct, frozen=True, tag="move", tag_field="kind", omit_defaults=True):
    """The move of an asset to ``folder`` at ``observed_at`` (ms); the public_id stays. The version is given as 0."""

    asset: AssetRef
    folder: str
    observed_at: int
    source: MessageOrigin


class ContextChanged(Struct, frozen=True, tag="context", tag_field="kind", omit_defaults=True):
    """A change of an asset's contextual metadata at ``observed_at`` (ms): ``set`` and ``removed``, by key.

    The asset's version is given as 0.
    """

    asset: AssetRef
    observed_at: int
    source: MessageOrigin
    set: dict[str, str] = {}
    removed: tuple[str, ...] = ()


class MetadataChanged(Struct, frozen=True, tag="metadata", tag_field="kind", omit_defaults=True):
    """A change of an asset's structured metadata, by external_id; as ``ContextChanged`` otherwise."""

    asset: AssetRef
    observed_at: int
    source: MessageOrigin
    set: dict[str, MetadataValue] = {}
    removed: tuple[str, ...] = ()


class FolderMoved(Struct, frozen=True, tag="folder", tag_field="kind", omit_defaults=True):
    """The move of a folder, with all in it, at ``observed_at`` (ms). The notification does not name the assets."""

    from_folder: str
    to_folder: str
    observed_at: int
    source: MessageOrigin


class AssetDeleted(Struct, frozen=True, tag="delete", tag_field="kind", omit_defaults=True):
    """The deletion of an asset at ``observed_at`` (ms)."""

    asset: AssetRef
    observed_at: int
    source: MessageOrigin


class ReviewAnswered(Struct, frozen=True, tag="review", tag_field="kind", omit_defaults=True):
    """A reviewer's answers about tags of one asset, given at ``observed_at`` (ms) about its ``version``.

    ``by`` is an IAM identity. ``clear``: tags that a person had removed, and that the rules may now add again.
    ``undo``: tags, each with the audit_id of the answer that is taken back, which is the same for all of one message.
    """

    asset_id: str
    version: int
    by: str
    observed_at: int
    source: MessageOrigin
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    undo: tuple[tuple[str, str], ...] = ()


class AskSample(Struct, frozen=True, tag="sample", tag_field="kind", omit_defaults=True):
    """A request of ``by`` (an IAM identity) at ``observed_at`` (ms) to ask people about ``labels`` of one asset.

    The labels are those of its ``version``. They were chosen at random, whatever their confidence.
    """

    asset_id: str
    version: int
    labels: tuple[str, ...]
    by: str
    observed_at: int
    source: MessageOrigin


class ProcessRunGroup(Struct, frozen=True, tag="bulk", tag_field="kind", omit_defaults=True):
    """Assets that a run plans to change. The worker computes the change of each asset again."""

    run: str
    group: str
    asset_ids: tuple[str, ...]


class RefetchAsset(Struct, frozen=True, tag="recheck", tag_field="kind", omit_defaults=True):
    """An untrusted hint: read the asset from the Admin API by its id.

    ``added`` and ``removed`` are the tag changes that it attributes to ``by``; they count only if the read agrees.
    ``provider`` is the one whose labels an ``info`` notification announces: it needs no read if no rule asks for it.
    """

    asset_id: str
    observed_at: int
    source: MessageOrigin
    by: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    by_hand: bool = False
    provider: str = ""


class FinishDue(Struct, frozen=True, tag="due", tag_field="kind"):
    """An asset whose intent, or whose unsent events, are due. The poller sends it again as long as they are.

    So a failure needs no second delivery, and the message holds no more than whose state to look at.
    """

    asset_id: str


class DetectLabels(Struct, frozen=True, tag="detect", tag_field="kind"):
    """An asset that Rekognition is to be asked about. It may come twice: the claim in the asset's state decides."""

    asset_id: str


def hint(message: "AboutOne") -> RefetchAsset:
    """Return ``message`` as a hint: which asset to read, and what a read alone does not show."""
    if isinstance(message, RefetchAsset):
        return message
    found = RefetchAsset(asset_id_of(message), message.observed_at, message.source)
    if isinstance(message, TagsEdited):
        return replace(found, by=message.by, added=message.added, removed=message.removed, by_hand=message.by_hand)
    if isinstance(message, LabelsObserved):
        return replace(found, provider=announced_provider(message))
    return found


def announced_provider(message: LabelsObserved) -> str:
    """Return the provider of an ``info`` notification, which only says that this one's labels are there; else ""."""
    return next(iter(message.categorizations), "") if message.facts is None else ""


FactChange = AssetMoved | ContextChanged | MetadataChanged
"""A change of one fact that rules can test."""

_Reviewed = ReviewAnswered | AskSample
AboutOne = LabelsObserved | TagsEdited | AssetRenamed | FactChange | AssetDeleted | RefetchAsset | _Reviewed
"""A message about one asset."""

Message = AboutOne | FolderMoved
"""The content of a notification, a read, a reviewer's answer or a request to ask reviewers."""

Task = Message | ProcessRunGroup | FinishDue | DetectLabels
"""A worker's input: a message, a group of assets that a run plans to change, due work, or labels to be asked for."""

_DECODER: msgspec.json.Decoder[Task] = decoder(Task)


def encode(message: Task) -> str:
    """Return ``message`` as ASCII JSON."""
    return json.dumps(msgspec.to_builtins(message), ensure_ascii=True, separators=(",", ":"))


def decode(text: str | bytes) -> Task:
    """Decode a message from a queue; raises ``Invalid`` with the key path of the first error."""
    try:
        return decode_by(_DECODER, text)
    except msgspec.DecodeError as error:
        raise Invalid("queue message", str(error)) from error


def asset_id_of(message: Message | FinishDue | DetectLabels) -> str:
    """Return the id of the asset that ``message`` concerns, or "" if it concerns a folder."""
    if isinstance(message, FolderMoved):
        return ""
    if isinstance(message, RefetchAsset | ReviewAnswered | AskSample | FinishDue | DetectLabels):
        return message.asset_id
    return message.asset.asset_id


def subject_of(task: Task) -> dict[str, str]:
    """Return the log fields that identify what a task is about."""
    if isinstance(task, ProcessRunGroup):
        return {"run": task.run, "group": task.group}
    if isinstance(task, FinishDue | DetectLabels):
        return {"asset_id": task.asset_id}
    if isinstance(task, FolderMoved):
        return {"folder": task.from_folder, "digest": task.source.digest}
    return {"asset_id": asset_id_of(task), "digest": task.source.digest}
