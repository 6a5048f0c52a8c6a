"""The end of a run: tried by the worker that took the last group off a segment, and by the poller, in case it died."""

from autotag.ports.runs import RunStore


def end_if_through(runs: RunStore, run_id: str, now: int) -> None:
    """End a run of which nothing is left and nothing was missed."""
    run = runs.load(run_id)
    if run is not None and run.status == "running" and run.is_through and not run.counts.missed:
        runs.end(run, now)
