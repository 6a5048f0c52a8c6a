"""A library whose ops function a command asks, and whose workers and poller go on while the command sleeps."""

from collections.abc import Callable, Mapping
from dataclasses import replace as changed

from msgspec.structs import replace
from typer.testing import Result

from autotag.domain.runs.run import Run
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Reply
from tests.unit.autotag_cli.fake_ops import FakeOps, refusal
from tests.unit.autotag_cli.run_command import autotag, fake_environment
from tests.unit.service.runs.run_library import NEW, Library

_MINUTE = 60


class FakeLibrary:
    """A stack ``prod`` with ``size`` assets that were decided on, and newer rules than those.

    ``fails`` are answers instead of the ops function's own, one each; ``at_sleep`` is what happens at the next moments
    in which the command waits, ``patience`` how many of them there may be. ``works``: there are workers.
    """

    def __init__(self, size: int = 12) -> None:
        self.library = Library(size)
        self.fakes = self.library.fakes
        self.ops = FakeOps()
        self.ops.states = self.fakes.store.items
        self.ops.deps = replace(self.ops.deps, planner=self.library.planner, clock=self.fakes.clock)
        self.fakes.clock.advance(3600)
        self.version = self.ops.rule_store.push(NEW)
        self.fakes.rules.use(NEW, 1)
        self.fails: list[Reply] = []
        self.at_sleep: list[Callable[[], None]] = []
        self.works = True
        self.slept: list[float] = []
        self.patience = 500

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return self.fails.pop(0) if self.fails else self.ops(url, headers, body)

    def autotag(self, *arguments: str, stdin: str = "") -> Result:
        """Run a command on this stack."""
        return autotag(*arguments, "--stack", "prod", obj=self.environment(), stdin=stdin)

    def environment(self) -> Environment:
        """Return the environment of a command."""
        return changed(fake_environment(self), now=lambda: self.fakes.clock.time / 1000, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        """Let time pass; the poller comes every minute."""
        assert len(self.slept) < self.patience, "it is never over"
        minutes = sum(self.slept) // _MINUTE
        self.slept.append(seconds)
        self.fakes.clock.advance(seconds)
        if self.at_sleep:
            self.at_sleep.pop(0)()
        if sum(self.slept) // _MINUTE > minutes:
            self.library.poll()
        if self.works:
            self.library.work()

    @property
    def run(self) -> Run:
        """The youngest run."""
        return self.fakes.runs.recent()[0]

    @property
    def received(self) -> list[str]:
        """The operations that were asked for, in their order."""
        return [str(request["op"]) for _, _, request in self.ops.received]


def busy() -> Reply:
    """Return what an ops function answers that is down for a moment."""
    return refusal(503, "the table is down")
