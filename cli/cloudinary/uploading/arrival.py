"""What becomes of each file of an upload, and of all of them together."""

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from cli.cloudinary.uploading.journal import Journal
from cli.cloudinary.uploading.naming import Item
from cli.cloudinary.uploading.sending import Sender, opened, stamped

if TYPE_CHECKING:
    from rich.console import Console

How = Literal["uploaded", "there already", "recorded earlier"]


class Arrival(NamedTuple):
    """How a file came to be in Cloudinary, and Cloudinary's answer, None where it was not asked."""

    how: How
    answer: dict[str, Any] | None


def deliver(item: Item, sender: Sender, journal: Journal) -> Arrival:
    """Bring one file to Cloudinary, unless it is recorded as there, and record it; raises as ``Sender.send``."""
    before = journal.has(item)
    with opened(item.path) as stream:
        status = os.fstat(stream.fileno())
        if before and (before.size, before.mtime) == (status.st_size, status.st_mtime_ns):
            return Arrival("recorded earlier", None)
        stamp = stamped(stream)
        touched = before is not None and before.digest == stamp.digest
        sent = None if touched else sender.send(item, stream, stamp, before.digest if before else "")
    journal.record(item, stamp)
    if sent is None:
        return Arrival("recorded earlier", None)
    return Arrival("there already" if sent.found else "uploaded", sent.answer)


class Tally:
    """Counts arrivals and failures; ``row`` is how many have failed one after another of a common cause."""

    def __init__(self, skipped: int) -> None:
        self.arrived: Counter[How] = Counter()
        self.failed: list[str] = []
        self.skipped, self.row = skipped, 0

    def arrival(self, how: How) -> None:
        """Count a file that is in Cloudinary."""
        self.arrived[how] += 1
        self.row = 0

    def failure(self, path: str, *, own: bool) -> None:
        """Count a file that is not; ``own``: because of something about the file itself."""
        self.failed.append(path)
        self.row += not own

    def counts(self) -> list[tuple[How, int]]:
        """Return how many arrived in which way, always in the same order, whichever file came first."""
        ways: tuple[How, ...] = get_args(How)
        return [(how, self.arrived[how]) for how in ways if self.arrived[how]]

    def sentence(self) -> str:
        """Return the counts in one line."""
        told = [f"{count:,} {how}" for how, count in self.counts()]
        told += [f"{self.skipped:,} skipped (hidden or no media)"] if self.skipped else []
        told += [f"{len(self.failed):,} failed"] if self.failed else []
        return f"{self.arrived.total() + len(self.failed):,} files: {', '.join(told) or 'nothing'}."

    def show(self, console: "Console") -> None:
        """Print the counts, and which files failed."""
        from cli.output import facts_table, plain

        rows: list[tuple[str, Any]] = [(how, plain(f"{n:,}", "green")) for how, n in self.counts()]
        if self.skipped:
            rows.append(("skipped", plain(f"{self.skipped:,}, hidden or no media", "dim")))
        if self.failed:
            rows.append(("failed", plain(f"{len(self.failed):,}", "red")))
        console.print(facts_table(rows))
        for path in self.failed:
            console.print(plain(f"  {path}", "red"), soft_wrap=True)
