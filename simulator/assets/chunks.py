"""Files that come in chunks, as ``upload_large`` of the SDKs sends them, until each is whole."""

import re
from dataclasses import dataclass, field

from simulator.core.errors import ApiError
from simulator.core.params import Params, SentFile

_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|-1|\*)")


@dataclass
class Gathering:
    """One file as far as it has come. ``params`` are those of the chunk that came first, and hold for the file."""

    params: Params
    pieces: dict[int, bytes] = field(default_factory=dict)
    total: int | None = None

    @property
    def received(self) -> int:
        """How many bytes are there."""
        return sum(map(len, self.pieces.values()))

    @property
    def whole(self) -> bool:
        """Is every byte there? The chunk that ends the file tells how many there are."""
        return self.total is not None and self.received >= self.total


class Chunks:
    """Files by the id that all chunks of one share."""

    def __init__(self) -> None:
        self._open: dict[str, Gathering] = {}

    def take(self, params: Params, upload_id: str, content_range: str) -> Gathering:
        """Add the chunk that ``params`` bring, which may come in any order and again; raises ``ApiError`` 400.

        A file that is whole is forgotten here, and is in the ``params`` that are returned.
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
        """Forget files that are not whole."""
        self._open.clear()


def _joined(gathering: Gathering) -> bytes:
    data = b"".join(gathering.pieces[start] for start in sorted(gathering.pieces))
    starts = sorted(gathering.pieces)
    ends = [start + len(gathering.pieces[start]) for start in starts]
    if starts != [0, *ends[:-1]] or ends[-1] != gathering.total:
        raise ApiError(400, "Chunks overlap or leave a gap")
    return data
