"""One stack for the whole runbook: the modules of this folder type the page's sections, and the last one deletes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.core.paths import tool_path
from tests.e2e.typed.conftest import deployed
from tests.e2e.typed.documented import steps
from tests.e2e.typed.runbook.reader import PAGE, Reader, command_of


@pytest.fixture(scope="session")
def reader(fresh_clone: Path) -> Iterator[Reader]:
    """A reader who has the AWS CLI, and has defined the functions with which the page begins."""
    with deployed(fresh_clone) as user:
        found = Reader(user)
        found.besides(f'export PATH="$PATH:{tool_path("awscli", "aws").parent}"')
        # version 1 of the CLI calls SQS at an address of its own, whatever AWS_ENDPOINT_URL says
        found.besides('aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }')
        for step in steps(PAGE.partition("\n## ")[0]):
            assert found.type(command_of(step.text)) == ""
        yield found
