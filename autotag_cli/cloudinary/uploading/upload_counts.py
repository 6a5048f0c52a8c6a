"""Counts of how the files of an upload arrived, which failed, and whether it makes sense to continue."""

from collections import Counter
from typing import TYPE_CHECKING, Any, get_args

from autotag_cli.cloudinary.missing_parts import MissingParts
from autotag_cli.cloudinary.uploading.results import How

if TYPE_CHECKING:
    from rich.console import Console

_NAMED = 10


class UploadCounts:
    """Counts of arrivals and failures.

    ``row``: how many failed in a row by a cause that is not in the file. ``same``: how many were refused with the
    words of the last refusal, with no arrival in between.
    """

    def __init__(self, skipped: int) -> None:
        self.arrived: Counter[How] = Counter()
        self.failed: list[str] = []
        self.missing: list[tuple[str, MissingParts]] = []
        self.skipped, self.row, self.same = skipped, 0, 0
        self._words: Counter[str] = Counter()

    def arrival(self, how: How) -> None:
        """Count a file that is in Cloudinary."""
        self.arrived[how] += 1
        if how != "recorded earlier":  # without a call, it does not show that calls succeed
            self.row = self.same = 0
            self._words.clear()

    def add_missing(self, path: str, missing: MissingParts) -> None:
        """Record what an existing asset lacks of what was requested."""
        self.missing.append((path, missing))

    def failure(self, path: str, *, own: bool, words: str = "") -> None:
        """Count a file that is not in Cloudinary.

        ``own``: the cause is in the file itself. ``words``: the refusal without the file's name, "" if there was none.
        """
        self.failed.append(path)
        self.row += not own
        if words:
            self._words[words] += 1
            self.same = self._words[words]

    def counts(self) -> list[tuple[How, int]]:
        """Return how many arrived in which way, always in the same order."""
        ways: tuple[How, ...] = get_args(How)
        return [(how, self.arrived[how]) for how in ways if self.arrived[how]]

    def sentence(self) -> str:
        """Return the counts in one line."""
        parts = [f"{count:,} {how}" for how, count in self.counts()]
        parts += [f"{self.skipped:,} skipped (hidden or no media)"] if self.skipped else []
        parts += [f"{len(self.failed):,} failed"] if self.failed else []
        return f"{self.arrived.total() + len(self.failed):,} files: {', '.join(parts) or 'nothing'}."

    def show(self, console: "Console") -> None:
        """Print the counts, and which files failed."""
        from autotag_cli.terminal.output import facts_table, plain

        style = {"not as asked": "yellow"}
        rows: list[tuple[str, Any]] = [(how, plain(f"{n:,}", style.get(how, "green"))) for how, n in self.counts()]
        if self.skipped:
            rows.append(("skipped", plain(f"{self.skipped:,}, hidden or no media", "dim")))
        if self.failed:
            rows.append(("failed", plain(f"{len(self.failed):,}", "red")))
        console.print(facts_table(rows))
        for path in self.failed:
            console.print(plain(f"  {path}", "red"), soft_wrap=True)

    def offer(self) -> list[str]:
        """Return sentences about existing assets that lack something, and how to add it."""
        if not self.missing:
            return []
        parts = [f"{path}: it was there already, {missing.sentence()}" for path, missing in self.missing[:_NAMED]]
        if len(self.missing) > _NAMED:
            parts.append(f"and {len(self.missing) - _NAMED:,} more")
        units = Counter(provider for _, missing in self.missing for provider in missing.providers)
        cost = " and ".join(f"{count:,} units of {provider}" for provider, count in sorted(units.items()))
        does = f"categorizes them, which uses {cost}, and adds" if units else "adds"
        last = f"{len(self.missing):,} were there already, but not categorized or tagged as requested: "
        return [*parts, f"{last}the same command with --complete {does} the tags and context that they lack."]
