"""One file on its way to Cloudinary, read from disk while it is sent; a large one goes in pieces.

An upload whose answer is lost is made again. So that this is still one asset, and is categorized only once, every
upload but one that is to overwrite says ``overwrite=false``: Cloudinary answers with the ``existing`` asset then,
and its ``etag``, the MD5 of the file, tells whether that is this file.
"""

import hashlib
import io
import os
import secrets
from pathlib import PurePath
from typing import Any, NamedTuple

from autotag.domain.errors import Invalid
from cli.cloudinary.body import FilePart
from cli.cloudinary.client import CloudinaryClient
from cli.cloudinary.uploading.naming import Item
from cli.errors import Failure

LARGE = 100_000_000
"""Bytes above which a file is sent in pieces. Source: cloudinary.com/documentation/upload_images."""
PIECE = 20_000_000
_WHOLE_TRIES = 2


class Stamp(NamedTuple):
    """What a file was when it was read: bytes, time of its last change in ns, MD5 of its content in hex."""

    size: int
    mtime: int
    digest: str


class Call(NamedTuple):
    """What is asked of each upload.

    ``overwrite`` False leaves an asset that is there as it is, None does so only where it is of the same content.
    """

    resource_type: str
    fields: dict[str, str]
    overwrite: bool | None


class Sent(NamedTuple):
    """Cloudinary's answer. ``found``: the asset was there already, perhaps from a try whose answer was lost."""

    answer: dict[str, Any]
    found: bool


class Sender:
    """Sends files; files of more than ``large`` bytes in pieces of ``piece`` bytes (Cloudinary takes 5 MB or more)."""

    def __init__(self, client: CloudinaryClient, call: Call, *, large: int = LARGE, piece: int = PIECE) -> None:
        self._client, self._call, self._large, self._piece = client, call, large, piece

    def send(self, item: Item, stream: io.BufferedReader, stamp: Stamp, ours: str = "") -> Sent:
        """Send the open file ``stream``; ``ours`` is the MD5 of what was sent for it earlier, which may be replaced.

        Raises as the client does, and ``Failure`` where the asset is another file's.
        """
        answer = self._transfer(item, stream, stamp.size, overwrite=self._call.overwrite is True)
        found = answer.get("existing") is True
        if found and self._call.overwrite is None and answer.get("etag") != stamp.digest:
            if not ours or answer.get("etag") != ours:
                raise Failure(
                    f"public_id {item.public_id} has another content in Cloudinary: --overwrite replaces it, "
                    "--no-overwrite leaves it"
                )
            return Sent(self._transfer(item, stream, stamp.size, overwrite=True), False)
        return Sent(answer, found)

    def _transfer(self, item: Item, stream: io.BufferedReader, size: int, *, overwrite: bool) -> dict[str, Any]:
        kind, name = self._call.resource_type, PurePath(item.path).name
        fields = {**self._call.fields, **item.fields, "overwrite": "true" if overwrite else "false"}
        if size <= self._large:
            return self._client.upload_api(kind, "upload", fields, FilePart(name, stream, size))
        for _ in range(_WHOLE_TRIES):
            answer = self._in_pieces(kind, name, stream, size, fields)
            if answer.get("done") is not False:
                return answer
        raise Failure(f"Cloudinary did not put the pieces together, {_WHOLE_TRIES} times")

    def _in_pieces(
        self, kind: str, name: str, stream: io.BufferedReader, size: int, fields: dict[str, str]
    ) -> dict[str, Any]:
        """Send every piece; the answer to the last is that of the upload, unless it says that others are missing.

        It says so too where the answer to a first try of the last piece was lost.
        """
        upload_id, answer = secrets.token_hex(16), dict[str, Any]()
        for start in range(0, size, self._piece):
            end = min(start + self._piece, size)
            headers = {"X-Unique-Upload-Id": upload_id, "Content-Range": f"bytes {start}-{end - 1}/{size}"}
            part = FilePart(name, stream, end - start, start)
            answer = self._client.upload_api(kind, "upload", fields, part, headers=headers)
        return answer


def opened(path: str) -> io.BufferedReader:
    """Open a file; raises ``Invalid`` that says why it cannot be read."""
    try:
        return open(path, "rb")
    except OSError as error:
        raise Invalid("", f"cannot be read ({error.strerror})") from error


def stamped(stream: io.BufferedReader) -> Stamp:
    """Read an open file once and say what it is; raises ``Invalid`` where it cannot be read."""
    try:
        status = os.fstat(stream.fileno())
        digest = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    except OSError as error:
        raise Invalid("", f"cannot be read ({error.strerror})") from error
    return Stamp(status.st_size, status.st_mtime_ns, digest)
