"""The output of a run that the ops function reported."""

from typing import Any

from msgspec import Struct, field

from autotag.domain.model.asset import FolderMove
from autotag.domain.runs.progress import Counts
from autotag.domain.sentences.operations.runs import explain_failures, selection_text
from autotag_cli.stack.answer_form import JSON_HINT, as_type
from autotag_cli.terminal.output import console, facts_table, plain, printable

SHORT = 12
"""The number of digits of an abbreviated id."""

STYLES = {"running": "yellow", "paused": "yellow", "cancelled": "red", "done": "green"}


class Segments(Struct, frozen=True):
    """How many segments of the table are ``finished``, and ``of`` how many."""

    finished: int = field(name="through")
    of: int


class RunView(Struct, frozen=True, kw_only=True):
    """One run. Times are ISO 8601 in UTC, but those in ``filter`` and ``undo`` are unix milliseconds.

    ``in_flight``: groups of assets that are planned, but not processed yet. Unknown fields are ignored.
    """

    id: str
    action: str
    by: str
    created_at: str
    status: str
    reason: str = field(name="why")
    filter: dict[str, Any]
    undo: dict[str, Any]
    listing: dict[str, Any]
    rules_seq: int
    max_calls: int
    rate: int
    dry_run: bool
    counts: Counts
    ended_at: str | None
    segments: Segments
    in_flight: int = field(name="under_way")
    moves: tuple[FolderMove, ...] = ()
    refresh: bool = False

    @property
    def name(self) -> str:
        """Return the run's name for sentences."""
        return f"{self.action} {self.id[:SHORT]}"

    @property
    def planned_all(self) -> bool:
        """Return whether every asset was looked at."""
        return self.segments.finished == self.segments.of

    @property
    def exit_code(self) -> int:
        """Return 0 if the run is done and nothing failed, else 1."""
        return int(self.status != "done" or bool(self.counts.failed))


def read_run(answer: dict[str, Any]) -> RunView:
    """Decode a run. Raises ``Failure`` if another version of the service responded."""
    return as_type(answer, RunView, JSON_HINT)


def print_run(run: RunView) -> None:
    """Print a run as a table of facts."""
    counts = run.counts
    rows: list[tuple[str, Any]] = [
        ("run", plain(run.id, "bold")),
        ("action", f"{run.action}{', dry run' if run.dry_run else ''}"),
        ("status", plain(f"{run.status}{f', {run.reason}' if run.reason else ''}", STYLES.get(run.status, ""))),
        ("started", f"{run.created_at} by {run.by}"),
    ]
    rows += [("ended", run.ended_at)] if run.ended_at else []
    rows += [
        (name, text)
        for name, text in (
            ("assets", selected(run.filter)),
            ("undoes", selected(run.undo)),
            ("lists", selected(run.listing)),
            ("follows", ", ".join(printable(f"{each.from_folder} to {each.to_folder}") for each in run.moves)),
            ("reads", "each asset first" if run.refresh else ""),
        )
        if text
    ]
    if run.action == "retag":
        rows.append(("rules", f"seq {run.rules_seq} or later"))
    rows += [("pace", f"at most {run.rate:,} assets a second")] if run.action != "backfill" else []
    rows.append(("looked at", f"{counts.seen:,} assets{'' if run.planned_all else ', not all yet'}"))
    rows.append(("to change" if run.action != "backfill" else sought_assets(run), f"{counts.planned:,}"))
    if counts.renamed:
        rows.append(("renames", f"a tag on {counts.renamed:,} of these"))
    if not run.dry_run:
        rows.append(("done", plain(f"{counts.done:,}", "green" if counts.done else "dim")))
    rows += [("failed", plain(f"{counts.failed:,}", "red"))] if counts.failed else []
    rows += [("", plain(reason, "dim")) for reason in explain_failures(counts)] if run.action != "backfill" else []
    rows += [("under way", f"{run.in_flight:,} groups")] if run.in_flight else []
    rows.append(("used", usage_text(run)))
    console().print(facts_table(rows))


def sought_assets(run: RunView) -> str:
    """Return what a backfill looks for, in a few words."""
    return "new or without labels" if run.listing.get("categorize") or run.listing.get("detect") else "new"


def usage_text(run: RunView) -> str:
    """Return the calls and units that a run has used, and its limits."""
    counts = run.counts
    if run.action == "backfill":
        most, detects = run.listing.get("max_units"), run.listing.get("detect")
        kind = "calls of Rekognition" if detects else "units of the add-on"
        units = f", {counts.units:,} of at most {most:,} {kind}" if most else ""
        if run.dry_run and (detects or run.listing.get("categorize")):
            limit = f", of which {most:,} are allowed" if most else ""
            units = f"; {'asking' if detects else 'categorizing'} would use {counts.units:,} {kind}{limit}"
        return f"{counts.reads:,} reads from the Admin API{units}"
    reads = f"{counts.reads:,} reads from the Admin API, " if counts.reads else ""
    return f"{reads}{counts.calls:,}{f' of at most {run.max_calls:,}' if run.max_calls else ''} calls to the Upload API"


def selected(chosen: dict[str, Any]) -> str:
    """Return a selection in one line, as it can be printed."""
    return printable(selection_text(chosen))
