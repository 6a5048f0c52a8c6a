"""The interfaces of an export: the bucket that holds its files, the draft of a file, and the queue of its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # names only: cold starts must not pay for the domain
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from autotag.domain.model.exports import ExportFile, Written


class Draft(Protocol):
    """A file that is being written, on this machine."""

    def add(self, lines: bytes) -> None:
        """Append assets, each a line of JSON that ends with a line break."""
        ...

    def publish(self, key: str, at: str, assets: int, cursor: str | None) -> Written | None:
        """Create the object ``key`` with all assets in columns; return None, and leave it, if there is one already."""
        ...


class ExportStore(Protocol):
    """The objects of exports. Reads see every earlier write. All raise ``Retryable`` if the bucket is not there."""

    def draft(self) -> AbstractContextManager[Draft]:
        """Return a new, empty draft, which is gone when the block ends."""
        ...

    def written(self, key: str) -> Written | None:
        """Return what the file ``key`` says of itself, or None if there is none."""
        ...

    def put(self, key: str, content: bytes) -> None:
        """Write a small object."""
        ...

    def read(self, key: str) -> bytes:
        """Return the content of a small object."""
        ...

    def keys(self, prefix: str) -> list[str]:
        """Return up to a thousand keys that begin with ``prefix``, in their order."""
        ...


class ExportQueue(Protocol):
    """The queue of tasks."""

    def send(self, tasks: Sequence[ExportFile]) -> None:
        """Queue every task, or raise ``Retryable``; some may be queued even then."""
        ...
