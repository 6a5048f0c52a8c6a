"""The measurement of ``bench/bulk.py plan``: a page of a retag, by how its changes are mixed.

The processor time is that of the deployed code with AWS's client, whose scan is answered from memory: parsing the
answer, decoding the items, comparing, grouping, and encoding the messages. The writes are those of the planner and the
workers to the items of the run and its segments, on the template's table; refused ones count, too.
"""

import time
from typing import Any, NamedTuple

from moto import mock_aws
from msgspec.structs import replace
from rich.console import Console
from samtranslator.yaml_helper import yaml_parse

from autotag.adapters.aws.dynamodb.asset_items import state_to_item
from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.model.messages import ProcessRunGroup, encode
from autotag.domain.runs.grouping import grouped
from autotag.domain.runs.progress import CHANGES, GROUP
from autotag.domain.runs.run import Run
from autotag.domain.state.asset_state import AssetState
from autotag.service.runs.advance import advance
from autotag.service.runs.plan import PAGE, Planner, plan_page
from autotag.service.worker import handle
from bench.library.page_mixes import Mix, mixes, states_of
from bench.library.scan_answers import ScanAnswers
from bench.tables import measurement_table
from bench.targets import Targets
from bench.workload import PROVIDER
from tests.fakes.context import Fakes
from tests.fakes.runs import FakeBulkQueue
from tests.fakes.runtime import in_turn
from tests.fakes.samples import resource
from tests.integration.adapters.conftest import TEMPLATE, Aws, Clients

_TIMES = 5
"""A page is planned so often, and the fastest counts: what else runs on the machine only makes it slower."""

Tags = tuple[tuple[str, ...], tuple[str, ...]]
"""Tags that are added, and tags that are removed."""


class Planned(NamedTuple):
    """Of a page: messages, the most assets, changes and calls of one; milliseconds and writes of an asset."""

    seen: int
    messages: int
    most_assets: int
    most_changes: int
    calls: int
    milliseconds: float
    writes: float


def measure(mix: Mix) -> Planned:
    """Plan a page, and carry it out."""
    states = states_of(mix)
    milliseconds, groups, changes = _processor_time(states, mix.rules)
    writes, calls = _carried_out(states, mix.rules)
    seen = sum(state.status != "gone" for state in states)
    return Planned(
        seen,
        len(groups),
        max(map(len, groups)),
        max(len({changes[asset_id] for asset_id in group}) for group in groups),
        max(calls),
        milliseconds / seen,
        writes / seen,
    )


def _processor_time(states: list[AssetState], rules: str) -> tuple[float, list[tuple[str, ...]], dict[str, Tags]]:
    """Return the least milliseconds that planning a page takes, its groups, and the tags that change by asset."""
    fakes, clients = Fakes(rules), Clients()
    items = [state_to_item(state, b"0" * 16).item for state in states if state.status != "gone"]
    clients.dynamodb.meta.events.register("before-send.dynamodb.Scan", ScanAnswers(items))
    planner = _planner(fakes, DynamoStateStore(clients.dynamodb, "State"))
    run = Run("f" * 32, "retag", "bench", fakes.clock.now())
    took = list[float]()
    for _ in range(_TIMES):
        began = time.process_time()
        planned, seen, _after = plan_page(planner, run, 0, "")
        groups = grouped(planned)
        for number, ids in enumerate(groups):
            encode(ProcessRunGroup(run.id, f"0.0.0.{number}", ids))
        took.append(time.process_time() - began)
    if seen != len(items):
        raise RuntimeError(f"{seen} of {len(items)} assets were read")
    changes = {state.asset.asset_id: (change.difference.add, change.difference.remove) for state, change in planned}
    return min(took) * 1000, groups, changes


def _planner(fakes: Fakes, pages: Any, runs: Any = None, bulk: Any = None) -> Planner:
    planner = fakes.planner(bulk or FakeBulkQueue(fakes.effects))
    return replace(planner, pages=pages, runs=runs or fakes.runs, start=in_turn)


def _carried_out(states: list[AssetState], rules: str) -> tuple[int, list[int]]:
    """Carry a retag of these assets out; return its writes to run and segment items, and the calls of each message."""
    fakes = Fakes(rules)
    fakes.clock.step = 0
    for state in states:
        labels = {label.name: label.confidence for label in state.categorizations[PROVIDER].labels}
        name, tags = state.asset.public_id, tuple(state.managed_tags)
        fakes.store.items[state.asset.asset_id] = state
        fakes.cloudinary.assets[state.asset.asset_id] = resource(
            state.asset.asset_id, labels, tags=tags, public_id=name
        )
    with mock_aws():
        clients = Clients()
        table = Aws(clients, yaml_parse(TEMPLATE.read_text("utf-8"))["Resources"]).table("StateTable")
        runs, bulk, writes = DynamoRunStore(clients.dynamodb, table), FakeBulkQueue(fakes.effects), list[str]()
        clients.dynamodb.meta.events.register(
            "provide-client-params.dynamodb.UpdateItem",
            lambda params, **_: writes.append(params["Key"]["pk"]["S"]),
        )
        run = Run("f" * 32, "retag", "bench", fakes.clock.now())
        runs.create(run)
        writes.clear()
        planner, deps = _planner(fakes, fakes.store, runs, bulk), replace(fakes.deps, runs=runs)
        advance(planner, run.id, fakes.remaining)
        calls = []
        for message in bulk.messages:
            before = len(fakes.cloudinary.joint_calls)
            handle(deps, message, fakes.remaining)
            calls.append(len(fakes.cloudinary.joint_calls) - before)
        ended = runs.load(run.id)
    if ended is None or ended.status != "done" or ended.counts.done != ended.counts.planned:
        raise RuntimeError(f"the run did not do what it planned: {ended}")
    return len(writes), calls


def report(assets: int) -> None:
    """Measure pages of every mix, and print them beside the targets."""
    console = Console()
    table = measurement_table(
        f"a page of {assets:,} assets of 50 labels, by its changes",
        "changes", "planned", "messages", "assets", "changes", "calls", "ms an asset", "writes an asset",
        first_column="left",
    )  # fmt: skip
    measured: dict[str, Planned] = {}
    for name, mix in mixes(assets).items():
        with console.status(name):
            measured[name] = found = measure(mix)
        table.add_row(
            name, f"{found.seen:,}", str(found.messages), str(found.most_assets), str(found.most_changes),
            str(found.calls), f"{found.milliseconds:.3f}", f"{found.writes:.4f}",
        )  # fmt: skip
    table.caption = "assets, changes, calls: the most of a message; writes: updates of run and segment items"
    table.caption_justify = "left"
    console.print(table)
    targets = Targets()
    worst = measured.values()
    targets.at_most(f"messages of a page of {PAGE:,}", 60.0, max(each.messages for each in worst) * PAGE / assets)
    targets.at_most("assets of a message", GROUP, max(each.most_assets for each in worst))
    targets.at_most("different changes of a message", CHANGES, max(each.most_changes for each in worst))
    targets.at_most("calls of a message", 2 * CHANGES, max(each.calls for each in worst))
    targets.at_most("ms of processor time an asset", 0.5, max(each.milliseconds for each in worst))
    targets.at_most("updates of run and segment items an asset", 0.3, max(each.writes for each in worst))
    console.print(targets.table)
