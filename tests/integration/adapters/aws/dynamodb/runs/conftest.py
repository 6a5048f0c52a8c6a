"""The two stores of runs: DynamoDB, and the fake that stands for it."""

import pytest

from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.ports.runs import RunStore
from tests.fakes.effects import Effects
from tests.fakes.runs import FakeRuns
from tests.integration.adapters.conftest import Aws


@pytest.fixture
def dynamo(aws: Aws) -> DynamoRunStore:
    return DynamoRunStore(aws.clients.dynamodb, aws.table("StateTable"))


@pytest.fixture(params=["dynamodb", "fake"])
def runs(request: pytest.FixtureRequest) -> RunStore:
    found: RunStore = FakeRuns(Effects()) if request.param == "fake" else request.getfixturevalue("dynamo")
    return found
