"""An ops function in memory: the deployed code's own answers over fakes of the tables, and what it was asked."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from msgspec.structs import replace

from autotag.domain.decisions.evaluate import evaluate
from autotag.domain.errors import Conflict, Forbidden, Invalid, Missing
from autotag.domain.model.audit import Audit, trigger_of
from autotag.domain.model.health import DetectUsage
from autotag.domain.model.messages import MessageOrigin
from autotag.domain.notifications.parse import parse_resource
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.claim import Lease, claim_decision, inputs_of
from autotag.domain.state.complete import close_intent, decode_audit
from autotag.domain.state.merge import merge
from autotag.service.operations.api import OperatorDependencies, answer
from autotag.service.runs.plan import Planner
from autotag_cli.input.rules_file import load_rules
from autotag_cli.stack.target import Reply
from tests.fakes.assets import FakeDueQueue
from tests.fakes.effects import Effects
from tests.fakes.operations import FakeHealthProbes
from tests.fakes.review import FakeReviews
from tests.fakes.rules import FakeRuleStore, FixedRules
from tests.fakes.runs import FakeBulkQueue, FakeRuns
from tests.fakes.runtime import FakeClock, FakeTelemetry, in_turn

NOW = 1_791_460_801_000
CALLER = "arn:aws:sts::123456789012:assumed-role/team/ada"


class FakeOps:
    """A transport; ``received`` holds each request's URL, headers and body.

    ``detected`` are the calls of Rekognition of this day, None where the stack makes none.
    """

    def __init__(self, detected: DetectUsage | None = None) -> None:
        self.states: dict[str, AssetState] = {}
        self.audits: list[Audit] = []
        self.received: list[tuple[str, Mapping[str, str], dict[str, Any]]] = []
        self.rule_store = FakeRuleStore()
        self.probes = FakeHealthProbes()
        self.probes.detected = detected
        self.clock, self.telemetry = FakeClock(), FakeTelemetry()
        self.runs, self.bulk, self.rules = FakeRuns(Effects()), FakeBulkQueue(Effects()), FixedRules()
        self.due_queue = FakeDueQueue(Effects())
        planner = Planner(self.runs, self, self, self.bulk, self.rules, self.clock, self.telemetry, in_turn)
        reviews = FakeReviews(self.states)
        self.deps = OperatorDependencies(
            states=self,
            records=self,
            rule_store=self.rule_store.rule_store,
            clock=self.clock,
            telemetry=self.telemetry,
            probes=self.probes.probes,
            planner=planner,
            reviews=reviews.reviews,
            cloud=reviews,
            start=in_turn,
            due_queue=self.due_queue,
        )

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.received.append((url, headers, msgspec.json.decode(body)))
        self._take_up()
        try:
            return Reply(200, answer(self.deps, body, CALLER))
        except Invalid as error:
            return refusal(400, str(error))
        except Forbidden as error:
            return refusal(403, str(error))
        except Missing as error:
            return refusal(404, str(error))
        except Conflict as error:
            return refusal(409, str(error))

    def _take_up(self) -> None:
        """Plan runs by the rules that were pushed last, if they can be read."""
        item = self.rule_store.publication.item
        text = item and self.rule_store.versions.texts.get(item.hash)
        if item and text and item.seq > self.rules.now.seq:
            with suppress(Invalid):
                self.rules.use(text, item.seq, self.rule_store.versions.sets.get(item.hash, {}))

    def load(self, asset_id: str) -> AssetState | None:
        return self.states.get(asset_id)

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        return {asset_id: self.states[asset_id] for asset_id in asset_ids if asset_id in self.states}

    def named(self, public_id: str) -> list[str]:
        return [key for key, state in self.states.items() if state.asset.public_id == public_id]

    def scan(
        self, segment: int, segments: int, cursor: str, limit: int
    ) -> tuple[list[tuple[AssetState, str]], str | None]:
        mine = [(s, key) for n, (key, s) in enumerate(sorted(self.states.items())) if n % segments == segment]
        page = [(state, key) for state, key in mine if key > cursor][:limit]
        return page, page[-1][1] if page and page[-1] != mine[-1] else None

    def lost_intents(self, segment: int, segments: int, cursor: str, before: int) -> tuple[list[str], str | None]:
        found, after = self.scan(segment, segments, cursor, 2)
        opened = [(state.asset.asset_id, state.intent) for state, _ in found]
        return [i for i, intent in opened if intent and not intent.indexed and intent.due_at < before], after

    def page(self, segment: int, segments: int, cursor: str, limit: int) -> tuple[list[AssetState], str | None]:
        found, after = self.scan(segment, segments, cursor, limit)
        return [state for state, _ in found], after

    def get(self, audit_id: str) -> Audit | None:
        return next((audit for audit in self.audits if audit.audit_id == audit_id), None)

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        mine = sorted((a for a in self.audits if a.asset.asset_id == asset_id), key=lambda a: a.audit_id, reverse=True)
        return [audit for audit in mine if not before or audit.audit_id < before][:limit]

    def decided(self, body: dict[str, Any], *, ruleset: Ruleset | None = None, at: int = NOW) -> Audit:
        """Let the service have decided on an asset that looks like ``body``; return the audit."""
        ruleset = ruleset or load_rules(None)
        message = parse_resource(body, at, MessageOrigin("upload", "d" * 64, "r1"))
        state = merge(None, message)
        assert state is not None
        lease = Lease("0" * 32, "owner", at, at + 60_000)
        claimed = claim_decision(
            state,
            evaluate(inputs_of(state, ruleset), ruleset),
            ActiveRules(ruleset, 0),
            trigger_of("webhook", message.source),
            lease,
        )
        assert claimed.intent is not None
        audit = decode_audit(claimed.intent)
        self.states[message.asset.asset_id] = close_intent(claimed, claimed.intent, audit, {}, at)
        self.audits.append(audit)
        return audit

    def again(self, audit: Audit, times: int) -> None:
        """Add ``times`` later audits that say the same."""
        for i in range(1, times + 1):
            self.audits.append(replace(audit, audit_id=f"{audit.asset.asset_id}.{NOW + i:013d}.{i:012d}"))


def refusal(status: int, message: str) -> Reply:
    """Return a refusal in the ops function's own form."""
    return Reply(status, msgspec.json.encode({"error": {"message": message}}))


class Breaking:
    """A transport that answers some requests, and then is down until it is mended."""

    def __init__(self, ops: FakeOps, answers: int) -> None:
        self._ops, self.left = ops, answers

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.left -= 1
        return self._ops(url, headers, body) if self.left >= 0 else refusal(503, "the table is down")
