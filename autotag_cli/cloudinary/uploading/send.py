"""The upload of one file, which is read from disk while it is sent; a large one is sent in pieces.

An upload whose response is lost is repeated. To still get one asset, categorized only once, every upload first says
``overwrite=false``: Cloudinary then responds with the ``existing`` asset, and its ``etag``, the MD5 of the file, shows
whether it is this file. Only then, and only if that is allowed, is the asset replaced. A replacement whose response is
lost is not repeated before the asset is checked in this way again.
"""

import io
import os
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, NamedTuple

from autotag.domain.errors import AutotagError
from autotag_cli.cloudinary.admin_calls import read_asset
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.cloudinary.missing_parts import MissingParts, missing_parts
from autotag_cli.cloudinary.responses import PAUSES, is_lost
from autotag_cli.cloudinary.transport.multipart import FilePart
from autotag_cli.cloudinary.uploading.file_state import FileState
from autotag_cli.cloudinary.uploading.kept_values import KeptValues, with_kept_values
from autotag_cli.cloudinary.uploading.naming import Item, StoredNames, name_remarks, stored_names, stored_public_id
from autotag_cli.cloudinary.uploading.next_step import Mode, PriorState, Version, next_step
from autotag_cli.errors import Failure

_WHOLE_TRIES = 2


class Call(NamedTuple):
    """What is requested for each upload.

    ``overwrite``: False leaves an existing asset as it is, None does so only if it has the same content, True sends it
    again even then.
    """

    resource_type: str
    fields: dict[str, str]
    overwrite: bool | None


class Pieces(NamedTuple):
    """A file of more than ``above`` bytes is sent in pieces of ``size`` bytes; Cloudinary takes pieces of 5 MB or more.

    Source: cloudinary.com/documentation/upload_images.
    """

    above: int = 100_000_000
    size: int = 20_000_000


_PIECES = Pieces()


class OtherContent(Failure):
    """The public_id belongs to another file's asset."""


class Sent(NamedTuple):
    """Cloudinary's response. ``found``: the asset was there already; ``missing``: what it lacks of the request.

    ``names``: those in the response.
    """

    answer: dict[str, Any]
    found: bool
    missing: MissingParts = MissingParts()
    remarks: tuple[str, ...] = ()
    names: StoredNames | None = None


class Sender:
    """A sender of files.

    ``alone``: one file that a person names, which replaces other content unless the call says otherwise. ``began``:
    when an overwriting upload began, in unix seconds at Cloudinary.
    """

    def __init__(
        self,
        client: CloudinaryClient,
        call: Call,
        *,
        alone: bool = False,
        began: int = 0,
        pieces: Pieces = _PIECES,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client, self.call, self.sleep = client, call, sleep
        self._alone, self._began, self._pieces = alone, began, pieces

    def send(self, item: Item, stream: io.BufferedReader, state: FileState, arrived: FileState | None = None) -> Sent:
        """Send the open file ``stream``. ``arrived``: what was sent for it earlier, which may be replaced.

        Raises as the client does, and ``OtherContent`` if the asset is another file's.
        """
        before, lost = PriorState(arrived, self._began), AutotagError("there was no try")
        for pause in PAUSES:
            answer = self.send_as_new(item, stream, state)
            missing = missing_parts(answer, self.call.fields)
            match next_step(self._mode, answer, state.digest, before, missing):
                case "sent":
                    return self._named(Sent(answer, False), item, item.fields)
                case "found":
                    return self._named(Sent(answer, True, missing), item, item.fields)
                case "left":
                    return self._named(Sent(answer, True), item, item.fields)
                case "refuse":
                    raise OtherContent(
                        f"public_id {item.public_id} has other content in Cloudinary: --overwrite replaces it, "
                        "--no-overwrite leaves it"
                    )
                case "replace":
                    fields, remarks = self._kept(item, answer)
            try:
                answer_to_replacement = self._transfer(item, stream, state.size, fields, overwrite=True)
                return self._named(Sent(answer_to_replacement, False, MissingParts(), remarks), item, fields)
            except AutotagError as error:
                if not is_lost(error):
                    raise
                lost, before = error, before._replace(lost=Version.of(answer))
            self.sleep(pause)
        raise lost

    def send_as_new(self, item: Item, stream: io.BufferedReader, state: FileState) -> dict[str, Any]:
        """Send the file as a new asset; return Cloudinary's response about it, or about the ``existing`` one."""
        return self._transfer(item, stream, state.size, self.call.fields | item.fields, overwrite=False)

    @property
    def _mode(self) -> Mode:
        if self.call.overwrite is None:
            return "other" if self._alone else "own"
        return "always" if self.call.overwrite else "never"

    def _named(self, sent: Sent, item: Item, fields: Mapping[str, str]) -> Sent:
        """Return ``sent`` with its names, and with a remark on each that is not the one in ``fields``.

        An existing asset of a library is left in the folder into which people moved it.
        """
        stays = sent.answer.get("existing") is True and not self._alone
        folder = None if stays else fields.get("asset_folder")
        names = stored_names(sent.answer, item, folder)
        return sent._replace(names=names, remarks=(*sent.remarks, *name_remarks(names, item, folder)))

    def _kept(self, item: Item, answer: dict[str, Any]) -> KeptValues:
        """Return the fields of a replacement. If the response has no list of tags, this takes an Admin call."""
        if not isinstance(answer.get("tags"), list):
            kind, type_ = str(answer.get("resource_type") or "image"), self.call.fields.get("type", "upload")
            answer = read_asset(self.client, stored_public_id(answer, item), kind, type_)
        return with_kept_values(answer, self.call.fields | item.fields, folder_requested=self._alone)

    def _transfer(
        self, item: Item, stream: io.BufferedReader, size: int, fields: dict[str, str], *, overwrite: bool
    ) -> dict[str, Any]:
        kind, name = self.call.resource_type, _file_name(item.path)
        sent = {**fields, "overwrite": "true" if overwrite else "false"}
        if size <= self._pieces.above:
            return self.client.upload_api(kind, "upload", sent, FilePart(name, stream, size), once=overwrite)
        for _ in range(_WHOLE_TRIES):
            answer = self._in_pieces(kind, FilePart(name, stream, size), sent, once=overwrite)
            if answer.get("done") is not False:
                return answer
        raise Failure(f"Cloudinary did not put the pieces together, {_WHOLE_TRIES} times")

    def _in_pieces(self, kind: str, file: FilePart, fields: dict[str, str], *, once: bool) -> dict[str, Any]:
        """Send every piece. The response to the last one is that of the upload, unless it says that others are missing.

        It also says so if the response to a first try of the last piece was lost, unless that is tried ``once``.
        """
        upload_id, size, answer = secrets.token_hex(16), file.size, dict[str, Any]()
        for start in range(0, size, self._pieces.size):
            end = min(start + self._pieces.size, size)
            headers = {"X-Unique-Upload-Id": upload_id, "Content-Range": f"bytes {start}-{end - 1}/{size}"}
            part, last = file._replace(size=end - start, start=start), once and end == size
            answer = self.client.upload_api(kind, "upload", fields, part, headers=headers, once=last)
        return answer


def _file_name(path: str) -> str:
    """Return the name that is sent for the file; bytes that are not UTF-8 become U+FFFD."""
    return os.fsencode(PurePath(path).name).decode(errors="replace")
