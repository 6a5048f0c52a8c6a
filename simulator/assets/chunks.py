"""Files that are uploaded in chunks, as ``upload_large`` of the SDKs sends them, until each is complete."""

import re
from dataclasses import dataclass, field

from simulator.core.errors import ApiError
from simulator.core.params import Params, SentFile

_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|-1|\*)")


@dataclass
class Gathering:
    """The chunks of one file so far. ``params`` are those of the chunk that came first, and apply to the file."""

    params: Params
    pieces: dict[int, bytes] = field(default_factory=dict)
    total: int | None = None

    @property
    def received(self) -> int:
        """The number of bytes received."""
        return sum(map(len, self.pieces.values()))

    @property
    def whole(self) -> bool:
        """Whether every byte was received. The last chunk of a file states their number."""
        return self.total is not None and self.received >= self.total


class Chunks:
    """Incomplete files, by the upload id that all chunks of a file share."""

    def __init__(self) -> None:
        self._open: dict[str, Gathering] = {}

    def take(self, params: Params, upload_id: str, content_range: str) -> Gathering:
        """Add the chunk in ``params``. Chunks may come in any order and repeatedly. Raises ``ApiError`` 400.

        A complete file is removed here, and is in the ``params`` of the result.
        """
        if params.file is None:
            raise ApiError(400, "Missing required parameter - file")
        if not upload_id:
            raise ApiError(400, "Missing X-Unique-Upload-Id header for a chunked upload")
        found = _RANGE.fullmatch(content_range)
        if found is None or int(found[2]) - int(found[1]) + 1 != len(params.file.data):
            raise ApiError(400, f"Invalid Content-Range {content_range} for a chunk of {len(params.file.data)} bytes")
        gathering = self._open.setdefault(upload_id, Gathering(params))
        gathering.pieces[int(found[1])] = params.file.data
        if found[3] not in ("-1", "*"):
            gathering.total = int(found[3])
        if gathering.whole:
            del self._open[upload_id]
            gathering.params.file = SentFile(params.file.name, _joined(gathering))
        return gathering

    def clear(self) -> None:
        """Remove all incomplete files."""
        self._open.clear()


def _joined(gathering: Gathering) -> bytes:
    data = b"".join(gathering.pieces[start] for start in sorted(gathering.pieces))
    starts = sorted(gathering.pieces)
    ends = [start + len(gathering.pieces[start]) for start in starts]
    if starts != [0, *ends[:-1]] or ends[-1] != gathering.total:
        raise ApiError(400, "Chunks overlap or leave a gap")
    return data
