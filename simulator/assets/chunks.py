"""Files that are uploaded in chunks, as ``upload_large`` of the SDKs sends them, until each is complete."""

import re
from dataclasses import dataclass, field

from simulator.core.errors import ApiError, missing_parameter
from simulator.core.params import Params, SentFile

_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|-1|\*)")


@dataclass
class PartialFile:
    """The chunks of one file so far, by their first byte.

    ``params`` are those of the chunk that came first, and apply to the file. ``total`` is the size of the whole file,
    which the last chunk states.
    """

    params: Params
    chunks: dict[int, bytes] = field(default_factory=dict)
    total: int | None = None

    @property
    def received(self) -> int:
        """The number of bytes received."""
        return sum(map(len, self.chunks.values()))

    @property
    def is_complete(self) -> bool:
        """Whether every byte was received."""
        return self.total is not None and self.received >= self.total


class PartialFiles:
    """Incomplete files, by the upload id that all chunks of a file share."""

    def __init__(self) -> None:
        self._files: dict[str, PartialFile] = {}

    def add_chunk(self, params: Params, upload_id: str, content_range: str, min_bytes: int) -> PartialFile:
        """Add the chunk in ``params``. Chunks may come in any order and repeatedly. Raises ``ApiError`` 400.

        Each has at least ``min_bytes``, except the one that ends the file.

        A complete file is removed here, and is in the ``params`` of the result.
        """
        if params.file is None:
            raise missing_parameter("file")
        if not upload_id:
            raise ApiError(400, "Missing X-Unique-Upload-Id header for a chunked upload")
        match = _RANGE.fullmatch(content_range)
        if match is None or int(match[2]) - int(match[1]) + 1 != len(params.file.data):
            raise ApiError(400, f"Invalid Content-Range {content_range} for a chunk of {len(params.file.data)} bytes")
        is_last = int(match[2]) + 1 == _total(match[3])
        if not is_last and len(params.file.data) < min_bytes:
            raise ApiError(400, "All parts except EOF-chunk must be larger than 5mb")
        partial = self._files.setdefault(upload_id, PartialFile(params))
        partial.chunks[int(match[1])] = params.file.data
        partial.total = _total(match[3]) or partial.total
        if partial.is_complete:
            del self._files[upload_id]
            partial.params.file = SentFile(params.file.name, _joined(partial))
        return partial

    def clear(self) -> None:
        """Remove all incomplete files."""
        self._files.clear()


def _total(text: str) -> int | None:
    return None if text in ("-1", "*") else int(text)


def _joined(partial: PartialFile) -> bytes:
    starts = sorted(partial.chunks)
    ends = [start + len(partial.chunks[start]) for start in starts]
    if starts != [0, *ends[:-1]] or ends[-1] != partial.total:
        raise ApiError(400, "Chunks overlap or leave a gap")
    return b"".join(partial.chunks[start] for start in starts)
