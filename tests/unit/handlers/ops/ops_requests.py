"""The operators' function on fakes, and what an operator sends it."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from msgspec.structs import asdict

from autotag import bootstrap
from autotag.domain.errors import Retryable
from autotag.domain.model.audit import Audit, asset_of_audit
from autotag.domain.state.asset_state import AssetState
from handlers.ops import respond
from tests.fakes.context import Fakes
from tests.fakes.operations import FakeHealthProbes
from tests.fakes.review import FakeReviews
from tests.fakes.rules import FakeRuleStore
from tests.fakes.runs import FakeBulkQueue
from tests.fakes.runtime import in_turn
from tests.unit.handlers.webhook.webhook_requests import event

LAMBDAS_MOST = 6_000_000
"""Bytes that Lambda lets a function answer with."""


class States:
    """The states of a world of fakes."""

    def __init__(self, fakes: Fakes) -> None:
        self.fakes, self.down = fakes, False

    def load(self, asset_id: str) -> AssetState | None:
        if self.down:
            raise Retryable("DynamoDB: InternalServerError")
        return self.fakes.store.load(asset_id)

    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        return {asset_id: state for asset_id in asset_ids if (state := self.load(asset_id)) is not None}

    def named(self, public_id: str) -> list[str]:
        return self.fakes.store.named(public_id)

    def scan(
        self, segment: int, segments: int, cursor: str, limit: int
    ) -> tuple[list[tuple[AssetState, str]], str | None]:
        known = sorted(self.fakes.store.items.items())
        return [(state, key) for key, state in known if key > cursor][:limit], None

    def lost_intents(self, segment: int, segments: int, cursor: str, before: int) -> tuple[list[str], str | None]:
        return self.fakes.store.lost_intents(segment, segments, cursor, before)


class Records:
    """The audits of a world of fakes."""

    def __init__(self, fakes: Fakes) -> None:
        self.fakes = fakes

    def get(self, audit_id: str) -> Audit | None:
        asset_of_audit(audit_id)
        return self.fakes.audits.get(audit_id)

    def of_asset(self, asset_id: str, limit: int, before: str = "") -> list[Audit]:
        known = sorted(self.fakes.audits.records.items(), reverse=True)
        mine = [audit for key, audit in known if audit.asset.asset_id == asset_id and (not before or key < before)]
        return mine[:limit]


class Ops:
    """The handler on fakes, and what an operator sends it."""

    def __init__(self) -> None:
        self.fakes = Fakes()
        self.states = States(self.fakes)
        self.rule_store = FakeRuleStore()
        self.probes = FakeHealthProbes()
        self.bulk = FakeBulkQueue(self.fakes.effects)
        self.reviews = FakeReviews(self.fakes.store.items, self.fakes.audits.records, self.fakes.clock)
        self.deps = bootstrap.ops(
            access="operate",
            states=self.states,
            pages=self.fakes.store,
            records=Records(self.fakes),
            index=self.reviews,
            cloud=self.reviews,
            start=in_turn,
            rule_store=self.rule_store.rule_store,
            rules=self.fakes.rules,
            runs=self.fakes.runs,
            bulk=self.bulk,
            queue=self.reviews,
            due_queue=self.fakes.due_queue,
            clock=self.fakes.clock,
            telemetry=self.fakes.telemetry,
            **asdict(self.probes.probes),
        )

    def ask(self, body: object, *, encoded: bool = False) -> tuple[int, Any]:
        """Ask with ``body``, a text or what becomes JSON; return the status and the answer."""
        text = body if isinstance(body, str) else json.dumps(body)
        return self.answer(event("POST", {}, base64.b64encode(text.encode()).decode() if encoded else text, encoded))

    def ask_as(self, caller: str, body: object) -> tuple[int, Any]:
        """Ask in the name of ``caller``, an IAM identity."""
        request = event("POST", {}, json.dumps(body))
        request["requestContext"]["authorizer"] = {"iam": {"userArn": caller}}
        return self.answer(request)

    def answer(self, request: dict[str, Any]) -> tuple[int, Any]:
        answer = respond(request, self.deps)
        assert answer["headers"] == {"content-type": "application/json"}
        assert len(json.dumps(answer)) < LAMBDAS_MOST
        return answer["statusCode"], json.loads(answer["body"])
