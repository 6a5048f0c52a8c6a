"""Watches a run until it stops. Each request for its progress also advances it at once."""

from typing import Any, Protocol

from autotag_cli.errors import AccessDenied, Failure
from autotag_cli.runs.progress import Display, run_display
from autotag_cli.runs.run_view import SHORT, RunView, read_run
from autotag_cli.stack.environment import Environment
from autotag_cli.terminal.output import note

_EVERY = 1.0
_LONGEST = 16.0
_TRIES = 6
"""The number of failed requests in a row that ends the watch."""

_WAITING_AFTER = 65.0
"""Seconds without progress that show that a backfill waits: the poller advances it every minute."""


class Watchable(Protocol):
    """A source of the progress of runs."""

    def show_run(self, run: str, *, advance: bool = False) -> dict[str, Any]:
        """Return a run's progress; ``advance``: let the service continue it first."""
        ...

    def health(self) -> dict[str, Any]:
        """Return the health of the service."""
        ...


def watch(ops: Watchable, run_id: str, environment: Environment) -> dict[str, Any]:
    """Return the run when it is no longer running. Raises ``Failure`` if requests to the stack keep failing."""
    try:
        with run_display() as display:
            return _watch(ops, run_id, environment, display)
    except KeyboardInterrupt:
        note(f"No longer watched: the run goes on by itself. {watch_hint(run_id)}")
        raise


def watch_hint(run_id: str) -> str:
    """Return a sentence on how to watch a run again, and how to stop it."""
    short = run_id[:SHORT]
    return f"autotag runs watch {short} shows its progress, autotag runs pause {short} or cancel {short} stops it."


def _watch(ops: Watchable, run_id: str, environment: Environment, display: Display) -> dict[str, Any]:
    failures, advance, waiting = 0, True, _Waiting(ops, environment, display)
    while True:
        try:
            answer = ops.show_run(run_id, advance=advance)
        except AccessDenied:
            if not advance:
                raise
            advance = False  # a viewer may look on; the poller advances the run every minute
            continue
        except Failure as error:
            failures += 1
            if failures == _TRIES:
                raise Failure(f"{error}; the run goes on by itself, {watch_hint(run_id)}") from error
            if failures == 1:
                display.print_note(f"{error}: trying again")
        else:
            failures, run = 0, read_run(answer)
            display.update(run)
            if run.status != "running":
                return answer
            waiting.look(run)
        environment.sleep(min(_LONGEST, _EVERY * 2**failures))


class _Waiting:
    """Reports what a backfill waits for, once for each time that it waits."""

    def __init__(self, ops: Watchable, environment: Environment, display: Display) -> None:
        self._ops, self._environment, self._display = ops, environment, display
        self._counts: object = None
        self._since = 0.0
        self._reported = False

    def look(self, run: RunView) -> None:
        now = self._environment.now()
        if run.counts != self._counts:
            self._counts, self._since, self._reported = run.counts, now, False
        elif run.action == "backfill" and not self._reported and now - self._since >= _WAITING_AFTER:
            self._reported = True
            self._display.print_note(f"{run.name} waits: {self._reason()}.")

    def _reason(self) -> str:
        try:
            health = self._ops.health()
        except Failure as error:
            return f"the reason is not known ({error})"
        if health["breaker"]:
            return f"Cloudinary is not called before {health['breaker']['until']} ({health['breaker']['reason']})"
        used = health["budget"]["used"] if health["budget"] else "an unknown number of"
        return f"{used} calls of the Admin API's budget are used in this hour, the next hour begins at the full hour"
