"""The requests of a retag to AWS for each of its assets: the deployed code on the template's tables, metered."""

from typing import NamedTuple

from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.runs.run import Run
from autotag.service.runs.advance import advance
from autotag.service.runs.plan import Planner
from autotag.service.worker import handle
from bench.library.aws_meter import Meter
from bench.library.generated_assets import generated_states
from bench.library.live_images import LABELS, MeteredService, metered_service
from bench.workload import PROVIDER
from tests.fakes.runs import FakeBulkQueue
from tests.fakes.runtime import START, in_turn
from tests.fakes.samples import resource, upload

ASSETS = 2000
"""In one page of each segment: a larger run writes less about itself for each asset."""
OTHER_RULES = '[defaults]\nthreshold = 0.87\n[[when]]\nfolder = "**"\nadd = ["archive"]\n'
"""Every asset gets the same further tag: alike changes."""


class Retag(NamedTuple):
    """Of a retag: its assets, its requests, its messages, and its calls to Cloudinary."""

    assets: int
    meter: Meter
    messages: int
    calls: int


def retag(assets: int = ASSETS) -> Retag:
    """Meter a retag of so many assets, whose changes are alike, from its start to its end."""
    with metered_service() as service:
        _decide(service, assets)
        service.fakes.rules.use(OTHER_RULES, 1)
        deps, bulk = replace(service.deps, rules=service.fakes.rules), FakeBulkQueue(service.fakes.effects)
        store = DynamoStateStore(service.clients.dynamodb, "StateTable")
        planner = Planner(deps.runs, store, deps.audits, bulk, deps.rules, deps.clock, deps.telemetry, in_turn)
        run = Run("f" * 32, "retag", "bench", deps.clock.now(), rules_seq=1, rate=1000)
        service.fakes.cloudinary.joint_calls.clear()
        messages = 0
        with service.metered():
            deps.runs.create(run)
            while (current := deps.runs.load(run.id)) is not None and current.status == "running":
                advance(planner, run.id, lambda: 60.0)
                while bulk.messages:
                    messages += 1
                    handle(deps, bulk.messages.pop(0), lambda: 60.0)
                service.fakes.clock.advance(60)
        if current is None or current.counts.done != assets:
            raise RuntimeError(f"the run changed other assets than all: {current}")
        return Retag(assets, service.meter, messages, len(service.fakes.cloudinary.joint_calls))


def _decide(service: MeteredService, assets: int) -> None:
    """Let the assets be decided on by the first rules."""
    deps = replace(service.deps, rules=service.fakes.rules)
    for state in generated_states(range(assets), LABELS):
        found = {label.name: label.confidence for label in state.categorizations[PROVIDER].labels}
        body = resource(state.asset.asset_id, found, public_id=state.asset.public_id)
        service.fakes.cloudinary.assets[state.asset.asset_id] = body
        handle(deps, upload(body, START), service.fakes.remaining, received_before=False)
