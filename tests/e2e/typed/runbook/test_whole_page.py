"""Every command of docs/operations.md is typed by the tests of this folder, or is here with the reason why not."""

import pytest

from tests.e2e.typed.runbook.reader import Reader, command_of
from tests.e2e.typed.test_upgrading import LINES, TYPED

UNKNOWN = ("aws sqs start-message-move-task", "aws sqs list-message-move-tasks", "aws service-quotas")
"""What the emulator does not have."""
NOT_TYPED = {
    "pipx install": "pipx is no tool of this project; tests/infra/release installs the same wheel",
    "make deploy SET=Architecture=x86_64": "depends on the processor; deployment/test_make_deploy changes it",
}


def test_what_the_emulator_lacks_it_refuses(reader: Reader) -> None:
    """So that a newer emulator, which knows the call, makes this test fail, and the line gets a test of its own."""
    for beginning in UNKNOWN:
        assert "An error occurred" in reader.type(beginning, code=255)


def test_every_command_of_the_page_was_typed(reader: Reader, request: pytest.FixtureRequest) -> None:
    modules = {item.path for item in request.session.items}
    if not set(request.path.parent.glob("test_*.py")) <= modules:
        pytest.skip("only a part of the runbook was typed")
    left = reader.lines.keys() - reader.typed - set(map(command_of, TYPED))
    assert not {each for each in left if not each.startswith(tuple(NOT_TYPED))}
    assert set(TYPED) <= set(LINES)
