"""A stack whose review queue is not empty, and whose workers carry answers out while the command sleeps."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace as changed

from msgspec.structs import replace
from typer.testing import Result

from autotag.domain.model.messages import AskSample, MessageOrigin, decode, encode
from autotag.service.worker import handle
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Reply
from tests.fakes.context import Fakes
from tests.fakes.review import FakeReviews
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.autotag_cli.fake_ops import CALLER, FakeOps
from tests.unit.autotag_cli.run_command import autotag, fake_environment

ASKS = "[defaults]\nthreshold = 0.7\nreview = 0.5\n"


class FakeReviewQueue:
    """A stack ``prod``: ``Musician`` (0.5754) is asked about of each of the assets ``a0``, ``a1``, …

    ``fails`` are answers instead of the ops function's own, by the name of the operation, one each (None: its own);
    ``before`` is what happens just before an operation. ``works``: there are workers.
    """

    def __init__(self, size: int = 3) -> None:
        self.fakes = Fakes(ASKS)
        for n in range(size):
            self.given(resource(f"a{n}", GUITARIST, public_id=f"{'zoo' if n == 1 else 'stage'}/a{n}"))
        self.ops = FakeOps()
        self.ops.states = self.fakes.store.items
        self.reviews = FakeReviews(self.fakes.store.items, self.fakes.audits.records, self.fakes.clock)
        planner = replace(self.ops.deps.planner, rules=self.fakes.rules)
        self.ops.deps = replace(
            self.ops.deps,
            records=self.fakes.audits,
            clock=self.fakes.clock,
            planner=planner,
            reviews=self.reviews.reviews,
            cloud=self.reviews,
        )
        self.fails: dict[str, list[Reply | None]] = {}
        self.before: dict[str, Callable[[], None]] = {}
        self.works = True
        self.slept: list[float] = []

    def given(self, body: dict[str, object], digest: str = "d1") -> None:
        """Let an asset have been uploaded and decided on, a minute after the one before."""
        self.fakes.cloudinary.assets[str(body["asset_id"])] = body
        handle(self.fakes.deps, upload(dict(body), digest=digest), self.fakes.remaining)
        self.fakes.clock.advance(60)

    def sampled(self, asset_id: str, *labels: str) -> None:
        """Let people be asked at random about labels of an asset."""
        version, now = self.fakes.store.items[asset_id].asset.version, self.fakes.clock.now()
        ask = AskSample(asset_id, version, labels, CALLER, now, MessageOrigin("sample", f"s-{asset_id}"))
        handle(self.fakes.deps, ask, self.fakes.remaining)

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        operation = json.loads(body)["op"]
        self.before.get(operation, lambda: None)()
        failure = self.fails[operation].pop(0) if self.fails.get(operation) else None
        return failure or self.ops(url, headers, body)

    def autotag(
        self, *arguments: str, stdin: str = "", variables: Mapping[str, str] | None = None, columns: int | None = None
    ) -> Result:
        """Run ``autotag review`` on this stack, on a terminal with so many columns."""
        return self.command("review", *arguments, stdin=stdin, variables=variables, columns=columns)

    def command(
        self, *arguments: str, stdin: str = "", variables: Mapping[str, str] | None = None, columns: int | None = None
    ) -> Result:
        """Run a command on this stack."""
        environment: Environment = changed(
            fake_environment(self, variables=variables), now=lambda: self.fakes.clock.time / 1000, sleep=self.sleep
        )
        env = None if columns is None else {"COLUMNS": str(columns)}
        return autotag(*arguments, "--stack", "prod", obj=environment, stdin=stdin, env=env)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        assert len(self.slept) < 200, "it is never over"
        self.slept.append(seconds)
        self.fakes.clock.advance(seconds)
        while self.works and self.reviews.sent:
            handle(self.fakes.deps, decode(encode(self.reviews.sent.pop(0))), self.fakes.remaining)

    def tags(self, asset_id: str) -> set[str]:
        """Return the tags that Cloudinary has."""
        return self.fakes.cloudinary.tags(asset_id)

    def reasons(self) -> list[object]:
        """Return what was audited of answers."""
        return [audit.reason for audit in self.fakes.audits.records.values() if audit.trigger.kind == "review"]
