"""The stack exports to its bucket: DuckDB reads the files by the documented table, whatever was killed meanwhile."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from autotag.domain.model.exports import MANIFEST
from autotag.service.exports.start import StartExport
from autotag_cli.export.bucket import Location
from local.clients.autotag_command import run_autotag
from local.clients.queues import message_count, short_visibility_timeout
from local.clients.tables import put_states
from local.core.paths import PROJECT
from local.core.waiting import until
from local.stack.stack import Stack
from local.stress.process_kills import function_processes, kill
from tests.e2e.stack_client import SOON, ops
from tests.unit.autotag_cli.made_up_history import Known, history

LABELS = {"Dog": Known(0.5, 0.7, 40), "Cat": Known(0.9, 0.7, 30)}
PAGE = (PROJECT / "docs" / "export.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def library(stack: Stack) -> Iterator[None]:
    """Seventy assets besides those of other tests; they are removed afterwards."""
    states = list(history(LABELS, 1))
    put_states(stack, states)
    yield
    table = stack.client("dynamodb")
    for state in states:
        key = {"pk": {"S": f"ASSET#{state.asset.asset_id}"}}
        table.delete_item(TableName=stack.outputs["StateTableName"], Key=key)


@pytest.fixture(scope="module")
def single(stack: Stack, library: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export that the command itself reads page by page."""
    file = tmp_path_factory.mktemp("single") / "library.parquet"
    assert run_autotag(stack, "export", file).returncode == 0
    return file


def documented_columns() -> list[str]:
    """Return the columns of the documented table for Athena, with types of SQL that DuckDB knows, too."""
    definition = re.search(r"CREATE EXTERNAL TABLE autotag_assets \(\n(.*?)\n\)", PAGE, re.DOTALL)
    assert definition is not None
    return re.findall(r"^  `(\w+)` \S+?,?$", definition[1], re.MULTILINE)


def counted(files: str) -> list[tuple[Any, ...]]:
    """Return how many assets the files hold, and their labels by name with the sum of their confidences."""
    columns = ", ".join(f'"{name}"' for name in documented_columns())
    found = duckdb.read_parquet(files, hive_partitioning=True).project(columns)
    answer = found.query(
        "assets",
        "SELECT '', count(*), count(DISTINCT asset_id)::DOUBLE FROM assets UNION ALL "
        "SELECT label.name, count(*), round(sum(label.confidence), 6) "
        "FROM (SELECT unnest(labels) AS label FROM assets) GROUP BY ALL ORDER BY 1",
    )
    assert answer is not None
    return answer.fetchall()


def keys(stack: Stack, place: Location) -> set[str]:
    """Return the objects of an export, by their keys below its folder."""
    answer = stack.client("s3").list_objects_v2(Bucket=place.bucket, Prefix=place.folder)
    return {each["Key"].removeprefix(place.folder) for each in answer.get("Contents", ())}


def test_it_counts_what_the_command_counts_by_the_documented_table(stack: Stack, single: Path, tmp_path: Path) -> None:
    started = run_autotag(stack, "export", "--to-s3", "--segments", "3", within=120)
    assert started.returncode == 0, started.stderr
    place, _, told = started.stdout.partition(": ")
    fetched = run_autotag(stack, "export", "--from-s3", place, tmp_path / "all")
    assert fetched.returncode == 0, fetched.stderr

    files = f"{tmp_path}/all/part=*/*.parquet"
    found = counted(files)
    assert found == counted(str(single)) and found[0][1] >= 70
    assert told.startswith(f"{found[0][1]:,} assets of {stack.stack} in 3 files")
    parts = duckdb.read_parquet(files, hive_partitioning=True).unique("part").fetchall()
    assert sorted(parts) == [("000",), ("001",), ("002",)]


def test_killed_functions_and_messages_that_come_twice_lose_nothing_and_double_nothing(
    stack: Stack, folder: Path, single: Path, tmp_path: Path
) -> None:
    at = datetime.fromtimestamp(int(time.time()), UTC).isoformat().replace("+00:00", "Z")
    request = StartExport(at, 3, 6)
    killed = 0

    def complete() -> bool:
        nonlocal killed
        if killed < 3 and (running := function_processes(folder, "Export")):
            killed += kill(running[0])
            ops(stack).start_export(request)  # each of its first messages once more
        return killed == 3 and MANIFEST in keys(stack, place)

    place = Location.of(stack.outputs["ExportBucketName"], stack.stack, at)
    with short_visibility_timeout(stack, 3, "ExportQueueUrl"):
        ops(stack).start_export(request)
        until(complete, "the export to be complete", within=2 * SOON, every=0.2)
    assert run_autotag(stack, "export", "--from-s3", str(place), tmp_path / "all").returncode == 0

    assert killed == 3
    assert counted(f"{tmp_path}/all/part=*/*.parquet") == counted(str(single))
    manifest = json.loads((tmp_path / "all" / "_manifest.json").read_bytes())
    there = {key for key in keys(stack, place) if key.startswith("part=")}
    assert there == {file["key"] for file in manifest["files"]}
    assert len(manifest["files"]) >= 12
    until(lambda: message_count(stack, "ExportQueueUrl") == 0, "no message to be left", within=SOON)
