"""The bucket and the queue of exports in memory: files are lists of assets, and the process may die at any effect."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from autotag.domain.model.exports import ExportFile, Written
from autotag.domain.state.asset_state import AssetState


class Died(Exception):
    """The process was killed."""


@dataclass
class FakeExports:
    """Both ports. ``dies_at``: the number of the effect after which the process is killed, or is about to make it."""

    objects: dict[str, bytes] = field(default_factory=dict)
    written_files: dict[str, Written] = field(default_factory=dict)
    queued: list[ExportFile] = field(default_factory=list)
    effects: int = 0
    dies_before: int = -1
    dies_after: int = -1

    @contextmanager
    def draft(self) -> Iterator["FakeDraft"]:
        yield FakeDraft(self)

    def written(self, key: str) -> Written | None:
        return self.written_files.get(key)

    def put(self, key: str, content: bytes) -> None:
        with self._effect():
            self.objects[key] = content

    def read(self, key: str) -> bytes:
        return self.objects[key]

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.objects if key.startswith(prefix))

    def send(self, tasks: Sequence[ExportFile]) -> None:
        with self._effect():
            self.queued += tasks

    def create(self, key: str, lines: bytes, written: Written) -> bool:
        with self._effect():
            if key in self.written_files:
                return False
            self.objects[key], self.written_files[key] = lines, written
            return True

    @contextmanager
    def _effect(self) -> Iterator[None]:
        self.effects += 1
        if self.effects == self.dies_before:
            raise Died
        yield
        if self.effects == self.dies_after:
            raise Died


class FakeDraft:
    """A file of lines."""

    def __init__(self, store: FakeExports) -> None:
        self._store, self._lines = store, b""

    def add(self, lines: bytes) -> None:
        self._lines += lines

    def publish(self, key: str, at: str, assets: int, cursor: str | None) -> Written | None:
        written = Written(assets, len(self._lines), cursor)
        return written if self._store.create(key, self._lines, written) else None


@dataclass
class FakeTable:
    """States in the order of their ids, of which a page holds ``page`` at most; each belongs to one segment."""

    states: dict[str, AssetState]
    page: int = 3

    def scan(
        self, segment: int, segments: int, cursor: str, limit: int
    ) -> tuple[list[tuple[AssetState, str]], str | None]:
        mine = sorted(key for key in self.states if sum(key.encode()) % segments == segment and key > cursor)
        some = mine[: min(self.page, limit)]
        found = [(self.states[key], key) for key in some if self.states[key].status != "gone"]
        return found, some[-1] if len(some) < len(mine) else None
