"""A stack in memory: the service's own use-cases on the fakes of its ports, with the worker right behind them.

A test sees which requests came, holds them up, refuses them, or lets the stack be out of reach.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec
from msgspec.structs import asdict

from autotag import bootstrap
from autotag.domain.model.audit import Audit
from autotag.domain.model.messages import AskSample, MessageOrigin
from autotag.service.operations.api import Request, answer
from autotag.service.review.choices import Choice
from autotag.service.review.requests import ReviewDecide
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.operations import FakeHealthProbes
from tests.fakes.review import FakeReviews
from tests.fakes.rules import FakeRuleStore
from tests.fakes.runs import FakeBulkQueue
from tests.fakes.runtime import in_turn
from tests.fakes.samples import resource, upload

ASKS = "[defaults]\nthreshold = 0.7\nreview = 0.5\n"
LIBRARIAN = "arn:aws:sts::123456789012:assumed-role/reviewers/librarian"


class Service:
    """The stack, seen through ``ask_as``; ``requests`` are those that it got, in their order.

    ``before`` is called with each request before it is answered: it may wait, or raise what ``Ask`` may raise.
    """

    def __init__(self, rules: str = ASKS) -> None:
        self._fakes = fakes = Fakes(rules)
        self._reviews = FakeReviews(fakes.store.items, fakes.audits.records, fakes.clock)
        self._reviews.cloud = "demo"
        self._rule_store, self._bulk = FakeRuleStore(), FakeBulkQueue(fakes.effects)
        self._deps = bootstrap.ops(
            access="operate",
            states=fakes.store,
            pages=fakes.store,
            records=self._reviews,
            index=self._reviews,
            cloud=self._reviews,
            start=in_turn,
            rule_store=self._rule_store.rule_store,
            rules=fakes.rules,
            runs=fakes.runs,
            bulk=self._bulk,
            queue=self._reviews,
            due_queue=fakes.due_queue,
            clock=fakes.clock,
            telemetry=fakes.telemetry,
            **asdict(FakeHealthProbes().probes),
        )
        self._lock = threading.Lock()
        self.requests: list[Request] = []
        self.before: Callable[[Request], None] = lambda request: None

    def ask_as(self, caller: str) -> Callable[[Request], bytes]:
        """Return the ``Ask`` of ``caller``."""

        def ask(request: Request) -> bytes:
            self.before(request)
            with self._lock:
                self.requests.append(request)
                reply = answer(self._deps, msgspec.json.encode(request), caller)
                self._work()
                return reply

        return ask

    def _work(self) -> None:
        fakes = self._fakes
        while self._reviews.sent:
            handle(fakes.deps, self._reviews.sent.pop(0), fakes.remaining)
        fakes.clock.advance(1)

    def upload(self, asset_id: str, labels: Mapping[str, float], public_id: str = "", **more: Any) -> None:
        """Let an asset have been uploaded, and decided on."""
        fakes = self._fakes
        body = resource(asset_id, dict(labels), public_id=public_id) | {"asset_folder": "stage"} | more
        fakes.cloudinary.assets[asset_id] = body
        handle(fakes.deps, upload(dict(body), fakes.clock.now(), f"d-{asset_id}-{body['version']}"), fakes.remaining)

    def use_rules(self, text: str) -> None:
        """Let other rules be active from now on."""
        self._rule_store.push(text)
        published = self._rule_store.publication.item
        assert published is not None
        self._fakes.rules.use(text, published.seq)

    def carry_out_runs(self) -> None:
        """Let workers carry out what runs have queued."""
        with self._lock:
            while self._bulk.messages:
                handle(self._fakes.deps, self._bulk.messages.pop(0), self._fakes.remaining)

    def sampled(self, asset_id: str, *labels: str) -> None:
        """Let people be asked at random about labels of an asset."""
        fakes = self._fakes
        version = fakes.store.items[asset_id].asset.version
        source = MessageOrigin("sample", f"s-{asset_id}")
        handle(fakes.deps, AskSample(asset_id, version, labels, LIBRARIAN, fakes.clock.now(), source), fakes.remaining)

    @property
    def decisions(self) -> list[Choice]:
        """The decisions that arrived, in their order."""
        return [each for asked in self.requests if isinstance(asked, ReviewDecide) for each in asked.decisions]

    def tags(self, asset_id: str) -> set[str]:
        """Return the tags that an asset has in Cloudinary."""
        return self._fakes.cloudinary.tags(asset_id)

    def asked_about(self, asset_id: str) -> set[str]:
        """Return the tags of an asset that wait for an answer."""
        return set(self._fakes.store.items[asset_id].review)

    def audits(self, asset_id: str) -> list[Audit]:
        """Return the audits of an asset, the youngest first."""
        return self._fakes.audits.of_asset(asset_id, 100)

    def overwrite(self, asset_id: str) -> None:
        """Let the asset be overwritten by a newer version, so that answers about the older one are refused."""
        fakes = self._fakes
        body = fakes.cloudinary.assets[asset_id]
        body = body | {"version": int(body["version"]) + 1}
        fakes.cloudinary.assets[asset_id] = body
        handle(fakes.deps, upload(dict(body), fakes.clock.now(), f"d-{asset_id}-{body['version']}"), fakes.remaining)

    @staticmethod
    def decide(ask: Callable[[Request], bytes], *answers: tuple[str, str, Literal["accept", "reject"]]) -> None:
        """Answer questions without a page: (asset_id, tag, verdict)."""
        ask(ReviewDecide(tuple(Choice(*each) for each in answers)))
