"""Calls that are started together run at the same time."""

from threading import Barrier

import pytest

from autotag.adapters.aws.client import client
from autotag.adapters.cloudinary.http import CONNECTIONS
from autotag.adapters.threads import AT_ONCE, Threads
from autotag.domain.errors import Retryable
from autotag.domain.state.due_entry import SHARDS
from tests.infra.sam_transform import read_template

PATIENCE = 30
"""Seconds after which a call that waits for others fails."""


def test_as_many_calls_as_a_request_makes_at_once_run_at_the_same_time() -> None:
    start, together = Threads(), Barrier(AT_ONCE)
    waits = [start(lambda: together.wait(PATIENCE)) for _ in range(AT_ONCE)]
    assert sorted(wait() for wait in waits) == list(range(AT_ONCE))
    assert AT_ONCE >= SHARDS + 2  # the rules and the name of the cloud are read beside an index


def test_a_client_has_a_connection_for_each_call_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    assert client("dynamodb").meta.config.max_pool_connections == AT_ONCE


def test_cloudinary_has_a_connection_for_each_asset_of_a_batch() -> None:
    events = read_template()["Resources"]["WorkerFunction"]["Properties"]["Events"].values()
    assert max(event["Properties"]["BatchSize"] for event in events) <= CONNECTIONS == AT_ONCE


def test_who_waits_for_a_call_gets_its_error() -> None:
    def fail() -> None:
        raise Retryable("DynamoDB: InternalServerError")

    wait = Threads()(fail)
    with pytest.raises(Retryable, match="InternalServerError"):
        wait()
