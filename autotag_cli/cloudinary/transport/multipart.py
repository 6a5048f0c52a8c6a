"""The body of an Upload API call: fields and at most one file, which is read from disk while it is sent.

``requests`` would first read the whole file. A body can be rewound, so that a retry sends it again.
"""

import io
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple, Self

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from autotag_cli.errors import Failure

Fields = Mapping[str, str | Sequence[str]]
"""Values by name; several are sent as ``name[]``."""

_BLOCK = 16 * 1024
"""Bytes that are sent at a time. Each block has its own timeout, so that a slow line is not taken for a dead one."""


class FileChanged(Failure):
    """The file has become shorter since its upload began."""


class FilePart(NamedTuple):
    """The ``size`` bytes of ``stream`` from ``start`` on, sent as part of a file called ``name``."""

    name: str
    stream: BinaryIO
    size: int
    start: int = 0

    @classmethod
    def of_bytes(cls, name: str, data: bytes) -> Self:
        """Return a part that holds ``data``."""
        return cls(name, io.BytesIO(data), len(data))


class Body:
    """A multipart body as a file: ``requests`` asks for its length and reads it in blocks."""

    def __init__(self, fields: Fields, file: FilePart | None) -> None:
        boundary = secrets.token_hex(16)
        pairs = [RequestField.from_tuples(name, value) for name, value in _pairs(fields)]
        if file is None:
            whole, self.content_type = encode_multipart_formdata(pairs, boundary)
            self._head, self._file, self._tail = whole, FilePart.of_bytes("", b""), b""
        else:
            part = RequestField.from_tuples("file", (file.name, b"", "application/octet-stream"))
            whole, self.content_type = encode_multipart_formdata([*pairs, part], boundary)
            self._tail = f"\r\n--{boundary}--\r\n".encode()
            self._head, self._file = whole.removesuffix(self._tail), file
        self._at = 0

    def __len__(self) -> int:
        return len(self._head) + self._file.size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(_BLOCK):
            yield block

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a byte, counted from the start, the present position or the end."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self)}[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Return ``size`` bytes, or all that are left.

        Raises ``Changed`` if the file has become shorter, ``Failure`` if it cannot be read.
        """
        left = len(self) - self._at
        end = self._at + (left if size < 0 else min(size, left))
        pieces = []
        while self._at < end:
            pieces.append(self._piece(end - self._at))
            self._at += len(pieces[-1])
        return b"".join(pieces)

    def _piece(self, size: int) -> bytes:
        at, head, file = self._at, len(self._head), self._file
        if at < head:
            return self._head[at : at + size]
        at -= head
        if at < file.size:
            try:
                file.stream.seek(file.start + at)
                piece = file.stream.read(min(size, file.size - at))
            except OSError as error:  # else the client would take it for a network error
                raise Failure(f"cannot be read ({error.strerror})") from error
            if not piece:
                raise FileChanged(f"{file.name} has become shorter while it was sent")
            return piece
        at -= file.size
        return self._tail[at : at + size]


def _pairs(fields: Fields) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if isinstance(value, str):
            yield name, value
        else:
            yield from ((f"{name}[]", each) for each in value)
