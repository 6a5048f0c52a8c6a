"""Runs as they are created, begun, looked through and read back, on either store."""

from typing import Any

from autotag.domain.runs.run import Action, BackfillSource, Counts, Filter, Group, RevertSelection, Run, initial_cursors
from autotag.ports.runs import RunStore

T0 = 1_791_460_800_000
ID = "0123456789abcdef" * 2
TWO = (Group("0.0.0", ("a1", "a2")), Group("0.0.1", ("a3",)))


def fresh(run_id: str = ID, action: Action = "retag", **more: Any) -> Run:
    return Run(id=run_id, action=action, by="ada", created_at=T0, due_at=T0, cursors=initial_cursors(action), **more)


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


def through(runs: RunStore, groups: tuple[Group, ...] = TWO) -> Run:
    """Look at one page of each segment, the first of which gives ``groups``, and queue them."""
    run = begun(runs)
    for segment in sorted(run.cursors):
        assert runs.planned(run, segment, None, groups if segment == "0" else (), Counts(seen=3, planned=2))
        if segment == "0":
            runs.queued(stored(runs), "0", 0)
        run = stored(runs)
    return run
