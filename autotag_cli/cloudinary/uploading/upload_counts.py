"""Counts of how the files of an upload arrived, which failed, and whether it makes sense to continue."""

from collections import Counter
from typing import TYPE_CHECKING, Any, get_args

from autotag_cli.cloudinary.missing_parts import MissingParts
from autotag_cli.cloudinary.uploading.results import ResultKind

if TYPE_CHECKING:
    from rich.console import Console

_NAMED = 10


class UploadCounts:
    """Counts of arrivals and failures.

    ``failures_in_row``: how many failed in a row by a cause that is not in the file. ``same_refusals``: how many were
    refused with the words of the last refusal, with no arrival in between.
    """

    def __init__(self, skipped: int) -> None:
        self.arrived: Counter[ResultKind] = Counter()
        self.failed: list[str] = []
        self.missing: list[tuple[str, MissingParts]] = []
        self.skipped, self.failures_in_row, self.same_refusals = skipped, 0, 0
        self._words: Counter[str] = Counter()

    def count_arrival(self, kind: ResultKind) -> None:
        """Count a file that is in Cloudinary."""
        self.arrived[kind] += 1
        if kind != "recorded earlier":  # without a call, it does not show that calls succeed
            self.failures_in_row = self.same_refusals = 0
            self._words.clear()

    def add_missing(self, path: str, missing: MissingParts) -> None:
        """Record what an existing asset lacks of what was requested."""
        self.missing.append((path, missing))

    def count_failure(self, path: str, *, own: bool, words: str = "") -> None:
        """Count a file that is not in Cloudinary.

        ``own``: the cause is in the file itself. ``words``: the refusal without the file's name, "" if there was none.
        """
        self.failed.append(path)
        self.failures_in_row += not own
        if words:
            self._words[words] += 1
            self.same_refusals = self._words[words]

    def counts(self) -> list[tuple[ResultKind, int]]:
        """Return how many arrived in which way, always in the same order."""
        ways: tuple[ResultKind, ...] = get_args(ResultKind)
        return [(kind, self.arrived[kind]) for kind in ways if self.arrived[kind]]

    def sentence(self) -> str:
        """Return the counts in one line."""
        parts = [f"{count:,} {kind}" for kind, count in self.counts()]
        parts += [f"{self.skipped:,} skipped (hidden or no media)"] if self.skipped else []
        parts += [f"{len(self.failed):,} failed"] if self.failed else []
        return f"{self.arrived.total() + len(self.failed):,} files: {', '.join(parts) or 'nothing'}."

    def show(self, console: "Console") -> None:
        """Print the counts, and which files failed."""
        from autotag_cli.terminal.output import facts_table, plain

        style = {"not as asked": "yellow"}
        rows: list[tuple[str, Any]] = [(kind, plain(f"{n:,}", style.get(kind, "green"))) for kind, n in self.counts()]
        if self.skipped:
            rows.append(("skipped", plain(f"{self.skipped:,}, hidden or no media", "dim")))
        if self.failed:
            rows.append(("failed", plain(f"{len(self.failed):,}", "red")))
        console.print(facts_table(rows))
        for path in self.failed:
            console.print(plain(f"  {path}", "red"), soft_wrap=True)

    def completion_hints(self) -> list[str]:
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
