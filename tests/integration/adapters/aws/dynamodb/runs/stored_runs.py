"""Runs as they are created, begun, looked through and read back, on either store."""

from typing import Any

from msgspec.structs import replace

from autotag.domain.runs.progress import Counts, Group, group_id
from autotag.domain.runs.run import Action, BackfillSource, Filter, RevertSelection, Run, with_progress
from autotag.ports.runs import RunStore

T0 = 1_791_460_800_000
ID = "0123456789abcdef" * 2
FIRST = group_id(0, "0", 0, 0)
TWO = (Group(FIRST, ("a1", "a2")), Group("0.0.0.1", ("a3",)))
"""The groups of the first page of the first segment."""

LATER = Group("0.0.1.0", ("a4",))
"""A group of the next page."""


def fresh(run_id: str = ID, action: Action = "retag", **more: Any) -> Run:
    """Return a run that was not begun, as a store gives it back."""
    return with_progress(Run(id=run_id, action=action, by="ada", created_at=T0, due_at=T0, **more), {})


FULL = fresh(
    filter=Filter("Bühne/**", "*🎸*", "Gitarre 🎸", 1, 2, 3, ("tagged", "unchanged"), ("a1", "stage/ü")),
    undo=RevertSelection("f" * 32, "a" * 64, 1, 2, "Zoë"),
    listing=BackfillSource("video", "private", "Bühne/", categorize=True, max_units=7),
    rules_seq=9,
    max_calls=11,
    rate=3,
    dry_run=True,
)


def stored(runs: RunStore, run_id: str = ID) -> Run:
    found = runs.load(run_id)
    assert found is not None
    return found


def begun(runs: RunStore, run: Run | None = None) -> Run:
    runs.create(run or fresh())
    return stored(runs)


def moved(run: Run, segment: str, **changes: Any) -> Run:
    """Return a run as it is once one of its segments changed; counts are those of a run that has none of its own."""
    segments = run.segments | {segment: replace(run.segments[segment], **changes)}
    counts = Counts()
    for each in segments.values():
        counts = counts.plus(each.counts)
    return replace(run, segments=segments, counts=counts)


def look_at_the_rest(runs: RunStore) -> None:
    """Plan one last page without groups in every segment that is not looked at."""
    for name, segment in sorted(stored(runs).segments.items()):
        if segment.cursor is not None:
            assert runs.planned(stored(runs), name, None, (), Counts())


def through(runs: RunStore, groups: tuple[Group, ...] = TWO) -> Run:
    """Look at one page of each segment, the first of which gives ``groups``, and queue them."""
    run = begun(runs)
    for segment in sorted(run.segments):
        assert runs.planned(run, segment, None, groups if segment == "0" else (), Counts(seen=3, planned=2))
        if segment == "0":
            runs.queued(stored(runs), "0")
    return stored(runs)
