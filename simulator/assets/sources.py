"""The ``file`` of an upload: bytes, a data URI, or a remote URL that is recorded but never fetched."""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from simulator.core.errors import ApiError, missing_parameter
from simulator.core.params import Params

_REMOTE_SCHEMES = frozenset({"http", "https", "ftp", "s3", "gs"})


@dataclass(frozen=True)
class Source:
    """An uploaded file. ``digest`` is the SHA-256 of its content, or of its URL if only that is known."""

    name: str
    data: bytes
    remote_url: str = ""

    @cached_property
    def digest(self) -> str:
        """The SHA-256 in hex that identifies the content."""
        return hashlib.sha256(self.data or self.remote_url.encode()).hexdigest()

    @cached_property
    def etag(self) -> str:
        """The MD5 that Cloudinary shows as an asset's etag."""
        return hashlib.md5(self.data or self.remote_url.encode(), usedforsecurity=False).hexdigest()

    @property
    def stem(self) -> str:
        """The file's name without folder and extension, as in ``original_filename``."""
        return PurePosixPath(self.name).stem or "file"

    @property
    def extension(self) -> str:
        """The extension of the file's name as it was sent, without the dot; empty if there is none."""
        return PurePosixPath(self.name).suffix.removeprefix(".")


def read_source(params: Params) -> Source:
    """Return the file that an upload call sends. Raises ``ApiError`` 400."""
    override = params.text("filename_override")
    if params.file is not None:
        if not params.file.data:
            raise ApiError(400, "Empty file")
        return Source(override or params.file.name, params.file.data)
    text = params.text("file")
    if not text:
        raise missing_parameter("file")
    if text.startswith("data:"):
        return Source(override or "file", _data_uri(text))
    parts = urlsplit(text)
    if parts.scheme not in _REMOTE_SCHEMES or not parts.netloc:
        raise ApiError(400, "Invalid file parameter - expected a file, a data URI or a remote URL")
    return Source(override or unquote(PurePosixPath(parts.path).name) or "file", b"", text)


def _data_uri(text: str) -> bytes:
    header, separator, payload = text.partition(",")
    if not separator:
        raise ApiError(400, "Invalid data URI")
    if not header.endswith(";base64"):
        return unquote_to_bytes(payload)
    try:
        return base64.b64decode("".join(payload.split()), validate=True)
    except binascii.Error as error:
        raise ApiError(400, "Invalid data URI") from error
