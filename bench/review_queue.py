"""A page of the review queue, a rare tag, and the summary, beside reading the same one call after the other.

    .venv/bin/python bench/review_queue.py [--waiting N] [--runs N]

The deployed code runs in this process on the emulator's tables, made as template.yaml defines them. "One by one" is how
a page was read before: the 16 partitions of the index without tags one after the other, then each state by itself. Both
alternate in one run, since the machine slows whole rounds: the ratios are what to compare.
"""

import argparse
import heapq
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from msgspec.structs import replace  # noqa: E402
from rich.console import Console  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

from autotag.adapters.aws.dynamodb.asset_items import state_to_item  # noqa: E402
from autotag.adapters.aws.dynamodb.items import asset_key  # noqa: E402
from autotag.adapters.aws.dynamodb.query import queried  # noqa: E402
from autotag.domain.model.labels import label_keys  # noqa: E402
from autotag.domain.review.questions import questions  # noqa: E402
from autotag.domain.state.asset_state import AssetState  # noqa: E402
from autotag.domain.state.due_entry import SHARDS  # noqa: E402
from bench.tables import measurement_table  # noqa: E402
from local.core.credentials import AWS_ENVIRONMENT  # noqa: E402
from local.core.processes import Daemon  # noqa: E402
from local.stack.services import EMULATOR, start_emulator  # noqa: E402

START = 1_791_460_800_000
RARE = 3
"""Assets that are asked about the rare tag, the last of the queue."""
LOOKED_AT = 400
"""The most states that a page read before."""
QUEUES = ("QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "BULK_QUEUE_URL", "BULK_DEAD_LETTER_QUEUE_URL")


def fill(client: Any, waiting: int) -> None:
    """Make the tables, and let assets with seven questions each wait in them."""
    from bench.library.generated_assets import generated_states

    resources = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))["Resources"]
    for name in ("StateTable", "HistoryTable"):
        wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        properties = resources[name]["Properties"]
        client.create_table(TableName=name, **{key: properties[key] for key in wanted if key in properties})
    puts: list[dict[str, Any]] = []
    for number, state in enumerate(generated_states(range(waiting))):
        puts.append({"PutRequest": {"Item": state_to_item(asked(state, number, waiting), b"s").item}})
        if len(puts) == 25 or number + 1 == waiting:
            client.batch_write_item(RequestItems={"StateTable": puts})
            puts.clear()


def asked(state: AssetState, number: int, waiting: int) -> AssetState:
    """Return ``state`` as reviewers are asked about seven of its labels, or, of the last assets, about ``harp``."""
    (found,) = state.categorizations.values()
    tags = tuple(label.name for label in found.labels[:7])
    if number >= waiting - RARE:
        tags = ("harp",)
    ask = dict.fromkeys(label_keys(tags), 5754)
    return replace(state, review=tags, ask=ask, asked_at=START + number, intent=None, outbox=())


def one_by_one(client: Any, rules: Any, limit: int, tag: str) -> int:
    """Read a page as it was read before; return the number of its assets."""
    from autotag.adapters.aws.dynamodb.states import DynamoStateStore

    store = DynamoStateStore(client, "StateTable")
    page = 0
    found = heapq.merge(*(waiting_since(client, shard) for shard in range(SHARDS)))
    for _, asset_id in islice(found, LOOKED_AT):
        if page >= limit:
            break
        state = store.load(asset_id)
        if state is not None:
            page += not tag or tag in questions(state, rules.active().ruleset).by_key
    return page


def waiting_since(client: Any, shard: int) -> Iterator[tuple[int, str]]:
    """Yield the entries of one partition of the index without tags."""
    query: dict[str, Any] = {
        "TableName": "StateTable",
        "IndexName": "review",
        "KeyConditionExpression": "review = :shard AND review_at >= :since",
        "ExpressionAttributeValues": {":shard": {"S": f"REVIEW#{shard}"}, ":since": {"N": "0"}},
        "Limit": 100,
    }
    for item in queried(client, **query):
        yield int(item["review_at"]["N"]), item["pk"]["S"].removeprefix(asset_key(""))


def milliseconds(runs: int, *calls: Callable[[], object]) -> list[float]:
    """Return the median of each call; they alternate."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(runs):
        for call, taken in zip(calls, times, strict=True):
            began = time.perf_counter()
            call()
            taken.append((time.perf_counter() - began) * 1000)
    return [statistics.median(taken) for taken in times]


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--waiting", type=int, default=10_000, help="number of assets that wait (10,000)")
    parser.add_argument("--runs", type=int, default=7, help="runs of each (7)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = start_emulator(Path(folder))
        try:
            os.environ |= {**AWS_ENVIRONMENT, "AWS_ENDPOINT_URL": url, "POWERTOOLS_LOG_LEVEL": "CRITICAL"}
            os.environ |= {"STATE_TABLE": "StateTable", "HISTORY_TABLE": "HistoryTable"}
            os.environ |= {"ACCESS": "view", **dict.fromkeys(QUEUES, f"{url}/000000000000/none")}
            report(options.waiting, options.runs)
        finally:
            Daemon(Path(folder), EMULATOR).stop()


def report(waiting: int, runs: int) -> None:
    """Fill the tables, measure, and print."""
    from autotag import bootstrap
    from autotag.adapters.aws.client import client as aws_client
    from autotag.service.operations.api import answer
    from autotag.service.review.summary import QueueCounter

    client = aws_client("dynamodb")
    fill(client, waiting)
    deps = bootstrap.ops()
    rules, index = deps.planner.rules, deps.reviews.index

    def at_once(**request: Any) -> Any:
        new = replace(deps.reviews, counter=QueueCounter(index, deps.start, deps.clock))  # it keeps no count
        return json.loads(answer(replace(deps, reviews=new), json.dumps(request), "bench"))

    table = measurement_table(
        f"{waiting:,} assets wait; medians of {runs}, load average {os.getloadavg()[0]:.1f}",
        *("request", "one by one, ms", "at once, ms", "ratio"),
        first_column="left",
    )
    for name, tag in (("20 assets", ""), ("20 assets of a rare tag", "harp")):
        before, now = milliseconds(
            runs,
            partial(one_by_one, client, rules, 20, tag),
            partial(at_once, op="review_list", limit=20, tag=tag),
        )
        table.add_row(name, f"{before:,.0f}", f"{now:,.0f}", f"{before / now:.1f}")
    found = at_once(op="review_list", limit=20, tag="harp")
    assert len(found["assets"]) == RARE, f"{len(found['assets'])} assets of the rare tag"
    (summary,) = milliseconds(runs, partial(at_once, op="review_summary"))
    table.add_row("summary", "", f"{summary:,.0f}", "")
    (confident,) = milliseconds(runs, partial(at_once, op="review_list", limit=20, tag="harp", order="confidence"))
    table.add_row("20 assets of a rare tag, by confidence", "", f"{confident:,.0f}", "")
    Console().print(table)


if __name__ == "__main__":
    main()
