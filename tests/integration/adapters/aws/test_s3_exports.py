"""The files of exports in S3, by the requests that the adapter makes: created once, and each says what it is."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import msgspec
import pytest
from botocore.exceptions import EndpointConnectionError

from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.adapters.aws.s3_exports import S3Exports
from autotag.adapters.aws.sqs_exports import SqsExportQueue
from autotag.domain.errors import Retryable
from autotag.domain.model.exports import MANIFEST, Manifest, Written, decode, first_tasks, folder_of
from autotag.service.exports.write_file import ExportDependencies, write_file
from autotag_library.columns.write import write_columns
from tests.fakes.runtime import FakeTelemetry
from tests.integration.adapters.conftest import Aws
from tests.unit.autotag_cli.made_up_history import unjudged

AT = "2026-11-29T08:00:00Z"
BUCKET = "exports"


@pytest.fixture
def store(aws: Aws) -> Iterator[S3Exports]:
    aws.clients.s3.create_bucket(Bucket=BUCKET)
    yield S3Exports(aws.clients.s3, BUCKET, "prod", copied)


def copied(lines: Path, target: Path, stack: str, at: str) -> None:
    """Stand for DuckDB."""
    target.write_bytes(lines.read_bytes() + f"{stack} {at}".encode())


def published(store: S3Exports, lines: bytes, cursor: str | None, key: str = "exports/a") -> Written | None:
    with store.draft() as draft:
        draft.add(lines)
        return draft.publish(key, AT, 3, cursor)


@pytest.mark.parametrize("cursor", ["ASSET#9d2f", "ASSET#%61/ü 猫\n", None])
def test_a_file_says_how_many_assets_it_has_and_where_the_next_one_begins(store: S3Exports, cursor: str | None) -> None:
    assert store.written("exports/a") is None
    written = published(store, b"one\ntwo\n", cursor)
    assert written == store.written("exports/a") == Written(3, len(f"one\ntwo\nprod {AT}"), cursor)


def test_a_file_that_is_there_is_left_as_it_is(store: S3Exports) -> None:
    first = published(store, b"first\n", "ASSET#1")
    assert published(store, b"second\n", "ASSET#2") is None
    assert store.written("exports/a") == first and store.read("exports/a").startswith(b"first")


def test_a_draft_leaves_nothing_on_the_disk(aws: Aws, tmp_path: Path) -> None:
    seen: list[Path] = []

    def watched(lines: Path, target: Path, stack: str, at: str) -> None:
        seen.extend(tmp_path.iterdir())
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        published(S3Exports(aws.clients.s3, BUCKET, "prod", watched, tmp_path), b"one\n", None)
    assert len(seen) == 1 and list(tmp_path.iterdir()) == []


def test_small_objects_are_replaced_and_listed_by_their_prefix(store: S3Exports) -> None:
    for key in ("exports/b/1", "exports/b/0", "exports/c"):
        store.put(key, b"old")
    store.put("exports/c", b"new")
    assert store.keys("exports/b/") == ["exports/b/0", "exports/b/1"]
    assert store.keys("exports/d/") == [] and store.read("exports/c") == b"new"


def test_whatever_s3_refuses_is_tried_again(aws: Aws) -> None:
    lacking = S3Exports(aws.clients.s3, "no-such-bucket", "prod", copied)
    for call in (
        lambda: lacking.put("exports/a", b""),
        lambda: lacking.read("exports/a"),
        lambda: lacking.keys("exports/"),
        lambda: published(lacking, b"", None),
    ):
        with pytest.raises(Retryable, match="S3: NoSuchBucket"):
            call()


def test_a_network_that_is_down_is_tried_again() -> None:
    class Down:
        def head_object(self, **_: object) -> None:
            raise EndpointConnectionError(endpoint_url="https://s3")

    with pytest.raises(Retryable, match="S3: EndpointConnectionError"):
        S3Exports(Down(), BUCKET, "prod", copied).written("exports/a")


def test_an_export_of_the_table_is_in_the_bucket_as_parquet(aws: Aws, tmp_path: Path) -> None:
    """All adapters together: the table, the queue and the bucket, and DuckDB."""
    aws.clients.s3.create_bucket(Bucket=BUCKET)
    states = DynamoStateStore(aws.clients.dynamodb, aws.table("StateTable"))
    names = [f"{number:032x}" for number in range(25)]
    for name in names:
        assert states.put(unjudged(name, "Dog", 0.5), expected=None)
    url = aws.queue("ExportQueue")
    queue, store = SqsExportQueue(aws.clients.sqs, url), S3Exports(aws.clients.s3, BUCKET, "prod", write_columns)
    deps = ExportDependencies("prod", states, store, queue, FakeTelemetry())
    queue.send(first_tasks(AT, 12, 2))  # more than a batch of messages

    while messages := aws.clients.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            write_file(deps, decode(message["Body"]), lambda: 300.0)
            aws.clients.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    folder = folder_of("prod", AT)
    manifest = msgspec.json.decode(store.read(folder + MANIFEST), type=Manifest)
    found = []
    for number, file in enumerate(manifest.files):
        (tmp_path / str(number)).write_bytes(store.read(folder + file.key))
        found += duckdb.read_parquet(str(tmp_path / str(number))).project("asset_id").fetchall()
    assert sorted(name for (name,) in found) == names and manifest.assets == 25
