"""The store of assets' states in DynamoDB."""

import pytest

from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from tests.integration.adapters.conftest import Aws


@pytest.fixture
def store(aws: Aws) -> DynamoStateStore:
    return DynamoStateStore(aws.clients.dynamodb, aws.table("StateTable"))
