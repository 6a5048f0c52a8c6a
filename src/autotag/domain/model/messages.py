"""What travels on the queues: one message concerns one asset and holds only the fields that are used.

Messages are ASCII JSON, so that no transport can change a character.
"""

import json

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization
from autotag.domain.model.strict_json import decode_by


class Source(Struct, frozen=True, omit_defaults=True):
    """Where a message came from: for the audit's ``trigger`` and for the logs."""

    notification_type: str
    digest: str
    request_id: str = ""


READ = Source("resource", "")
"""Where the messages come from that reads of the Admin API are taken for."""


class Labelled(Struct, frozen=True, tag="labels", tag_field="kind", omit_defaults=True):
    """An upload or a completed categorisation. ``facts`` is absent from ``info`` messages, which carry none."""

    asset: AssetRef
    categorizations: dict[str, Categorization]
    observed_at: int
    source: Source
    facts: Facts | None = None


class PersonTags(Struct, frozen=True, tag="person", tag_field="kind", omit_defaults=True):
    """Tags that were added to or removed from one asset at ``observed_at`` (ms); ``by`` is the caller's id.

    ``by_hand``: in Cloudinary's console, not by a program. The notification does not tell the asset's version: it
    stands as 0.
    """

    asset: AssetRef
    observed_at: int
    by: str
    source: Source
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    by_hand: bool = False


class Renamed(Struct, frozen=True, tag="rename", tag_field="kind", omit_defaults=True):
    """An asset has another public_id since ``observed_at`` (ms), and stands in ``folder``. The version stands as 0."""

    asset: AssetRef
    folder: str
    observed_at: int
    source: Source


class Moved(Struct, frozen=True, tag="move", tag_field="kind", omit_defaults=True):
    """An asset stands in ``folder`` since ``observed_at`` (ms), under the same public_id. The version stands as 0."""

    asset: AssetRef
    folder: str
    observed_at: int
    source: Source


class ContextChanged(Struct, frozen=True, tag="context", tag_field="kind", omit_defaults=True):
    """Contextual metadata of an asset was ``set`` or ``removed``, by key, at ``observed_at`` (ms).

    The version stands as 0.
    """

    asset: AssetRef
    observed_at: int
    source: Source
    set: dict[str, str] = {}
    removed: tuple[str, ...] = ()


class FolderMoved(Struct, frozen=True, tag="folder", tag_field="kind", omit_defaults=True):
    """A folder, with all in it, has another path since ``observed_at`` (ms): of which assets that is, nothing says."""

    from_folder: str
    to_folder: str
    observed_at: int
    source: Source


class Deleted(Struct, frozen=True, tag="delete", tag_field="kind", omit_defaults=True):
    """An asset was deleted at ``observed_at`` (ms)."""

    asset: AssetRef
    observed_at: int
    source: Source


class Reviewed(Struct, frozen=True, tag="review", tag_field="kind", omit_defaults=True):
    """What ``by``, an IAM identity, answered at ``observed_at`` (ms) about tags of one asset, looking at ``version``.

    ``clear``: tags that a person had removed, and that the rules may bring back. ``undo``: tags with the audit_id of
    the answer that is taken back, the same for all of one message.
    """

    asset_id: str
    version: int
    by: str
    observed_at: int
    source: Source
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    undo: tuple[tuple[str, str], ...] = ()


class Bulk(Struct, frozen=True, tag="bulk", tag_field="kind", omit_defaults=True):
    """Assets that a run means to change alike; whoever handles it works out anew what is to be done to each."""

    run: str
    group: str
    asset_ids: tuple[str, ...]


class Recheck(Struct, frozen=True, tag="recheck", tag_field="kind", omit_defaults=True):
    """A hint only: read the asset from the Admin API by its id.

    ``added`` and ``removed`` are what it says that ``by`` did to tags: believed only where the read agrees.
    """

    asset_id: str
    observed_at: int
    source: Source
    by: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    by_hand: bool = False


def hint(message: "AboutOne") -> Recheck:
    """Return the hint in ``message``: which asset to read, and what a read alone cannot tell."""
    if isinstance(message, Recheck):
        return message
    found = Recheck(asset_id_of(message), message.observed_at, message.source)
    if isinstance(message, PersonTags):
        return replace(found, by=message.by, added=message.added, removed=message.removed, by_hand=message.by_hand)
    return found


AboutOne = Labelled | PersonTags | Renamed | Moved | ContextChanged | Deleted | Recheck | Reviewed
"""What is said of one asset."""

Message = AboutOne | FolderMoved
"""What a notification or an answer says."""

Task = Message | Bulk
"""What a worker is given: a message, or several assets that a run means to change alike."""

_DECODER: msgspec.json.Decoder[Task] = msgspec.json.Decoder(Task)


def encode(message: Task) -> str:
    """Return ``message`` as ASCII JSON."""
    return json.dumps(msgspec.to_builtins(message), ensure_ascii=True, separators=(",", ":"))


def decode(text: str | bytes) -> Task:
    """Read a message from a queue; raises ``Invalid`` with the key path of the first fault."""
    try:
        return decode_by(_DECODER, text)
    except msgspec.DecodeError as error:
        raise Invalid("queue message", str(error)) from error


def asset_id_of(message: Message) -> str:
    """Return the id of the one asset that ``message`` concerns, "" where that is a folder."""
    if isinstance(message, FolderMoved):
        return ""
    return message.asset_id if isinstance(message, Recheck | Reviewed) else message.asset.asset_id


def subject_of(task: Task) -> dict[str, str]:
    """Return what a task is about, by the names that logs give it."""
    if isinstance(task, Bulk):
        return {"run": task.run, "group": task.group}
    if isinstance(task, FolderMoved):
        return {"folder": task.from_folder, "digest": task.source.digest}
    return {"asset_id": asset_id_of(task), "digest": task.source.digest}
