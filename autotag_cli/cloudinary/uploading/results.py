"""The result of each file of an upload."""

import io
from typing import Any, Literal, NamedTuple

from autotag_cli.cloudinary.missing_parts import MissingParts
from autotag_cli.cloudinary.transport.multipart import FileChanged
from autotag_cli.cloudinary.uploading.complete import complete
from autotag_cli.cloudinary.uploading.file_state import FileState, is_unchanged, open_source, read_state
from autotag_cli.cloudinary.uploading.journal import Journal
from autotag_cli.cloudinary.uploading.naming import Item
from autotag_cli.cloudinary.uploading.send import Sender, Sent
from autotag_cli.errors import Failure

ResultKind = Literal["uploaded", "completed", "there already", "not as asked", "recorded earlier"]
"""``completed``: an existing asset got what it lacked. ``not as asked``: an existing asset lacks something."""

_TRIES = 3
"""How often a file is sent that changes while it is sent."""
_OTHER_CONTENT = (
    "Cloudinary's etag is not the MD5 of the file, which did not change: it stores other content than was sent"
)


class UploadResult(NamedTuple):
    """How a file arrived in Cloudinary, and Cloudinary's response, None if no call was made."""

    kind: ResultKind
    answer: dict[str, Any] | None
    missing: MissingParts = MissingParts()
    remarks: tuple[str, ...] = ()


def deliver(item: Item, sender: Sender, journal: Journal, *, completing: bool = False) -> UploadResult:
    """Upload one file, unless it is recorded as arrived, and record it. Raises as ``send_at_rest``.

    ``completing``: an existing asset gets what it lacks of what is requested. Without that, such an asset is recorded
    only if existing assets are to be left as they are.
    """
    before = journal.recorded_state(item)
    with open_source(item.path) as stream:
        if before and is_unchanged(stream, before):
            return UploadResult("recorded earlier", None)
        state = read_state(stream)
        if before and before.digest == state.digest:
            journal.record(item, state, journal.recorded_names(item))
            return UploadResult("recorded earlier", None)
        sent, state = send_until_unchanged(item, stream, state, sender, before, journal)
        kind: ResultKind = "there already" if sent.found else "uploaded"
        if sent.missing and completing:
            sent = complete(sender, item, stream, state, sent)
            kind = "completed"
    if sent.missing and sender.call.overwrite is not False:
        return UploadResult("not as asked", sent.answer, sent.missing, sent.remarks)
    journal.record(item, state, sent.names)
    return UploadResult(kind, sent.answer, sent.missing, sent.remarks)


def send_until_unchanged(
    item: Item,
    stream: io.BufferedReader,
    state: FileState,
    sender: Sender,
    arrived: FileState | None,
    journal: Journal | None,
) -> tuple[Sent, FileState]:
    """Send a file until its present content has arrived; return the result and the file's state.

    The response's ``etag`` is the MD5 of what has arrived; what is added meanwhile shows in the file's size. Raises as
    ``Sender.send``, and ``Failure`` if the file changes each time; what has arrived of it is recorded, so that the next
    run replaces it.
    """
    changed: tuple[str, ...] = ()
    for _ in range(_TRIES):
        try:
            sent = sender.send(item, stream, state, arrived)
        except FileChanged:
            now = read_state(stream)
        else:
            etag, remarks = sent.answer.get("etag"), (*changed, *sent.remarks)
            as_sent = sent.found or etag in (None, state.digest)
            if as_sent and is_unchanged(stream, state):
                return sent._replace(remarks=remarks), state
            now = read_state(stream)
            if now.digest == state.digest:
                return sent._replace(remarks=remarks if as_sent else (*remarks, _OTHER_CONTENT)), now
            if isinstance(etag, str) and (etag == state.digest or not sent.found):
                arrived = state if sent.found else FileState.of_part(etag)
                if journal is not None:
                    journal.record(item, arrived, sent.names)
        state, changed = now, ("it changed while it was sent, and was sent again",)
    raise Failure(f"it changed while it was sent, {_TRIES} times: run the same command again when nothing writes to it")
