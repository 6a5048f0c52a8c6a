"""AWS in process: the tables, queues and the bus exactly as template.yaml defines them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from moto import mock_aws
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).resolve().parents[3] / "template.yaml"
REGION = "us-east-1"

_TABLE_PROPERTIES = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


class Clients:
    """Clients of the mocked services, created on first use; creating one takes longer than most tests."""

    def __init__(self) -> None:
        self._session = botocore.session.get_session()
        self._session.set_credentials("testing", "testing")  # valid nowhere
        self._created: dict[str, Any] = {}

    def __getattr__(self, service: str) -> Any:
        if service not in self._created:
            self._created[service] = self._session.create_client(service, region_name=REGION)
        return self._created[service]


@dataclass(frozen=True)
class Aws:
    """The mocked account and the definitions of the template."""

    clients: Clients
    resources: dict[str, Any]

    def table(self, name: str) -> str:
        """Create a table as the template defines it; return its name."""
        properties = self.resources[name]["Properties"]
        definition = {key: properties[key] for key in _TABLE_PROPERTIES if key in properties}
        self.clients.dynamodb.create_table(TableName=name, **definition)
        ttl = properties["TimeToLiveSpecification"]
        self.clients.dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
        return name

    def queue(self, name: str) -> str:
        """Create a queue with the template's visibility timeout; return its URL."""
        timeout = self.resources[name]["Properties"]["VisibilityTimeout"]
        answer = self.clients.sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": str(timeout)})
        return str(answer["QueueUrl"])

    def item(self, table: str, key: dict[str, str]) -> dict[str, Any] | None:
        """Return a stored item as it is."""
        answer = self.clients.dynamodb.get_item(TableName=table, Key={name: {"S": text} for name, text in key.items()})
        found: dict[str, Any] | None = answer.get("Item")
        return found


@pytest.fixture(scope="session")
def resources() -> dict[str, Any]:
    """The template's resources."""
    parsed: dict[str, Any] = yaml_parse(TEMPLATE.read_text("utf-8"))["Resources"]
    return parsed


@pytest.fixture(scope="session")
def clients() -> Clients:
    """The clients that all tests share."""
    return Clients()


@pytest.fixture
def aws(clients: Clients, resources: dict[str, Any]) -> Iterator[Aws]:
    """An empty account."""
    with mock_aws():
        yield Aws(clients, resources)
