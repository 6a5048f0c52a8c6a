"""A webhook for each test, and at the end of a run how much was posted to it."""

import pytest

from tests.unit.handlers.webhook.fuzzing import Tally
from tests.unit.handlers.webhook.webhook_requests import Webhook

_TALLY = pytest.StashKey[Tally]()


@pytest.fixture
def webhook() -> Webhook:
    return Webhook()


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    """The counts of the whole run."""
    return pytestconfig.stash.setdefault(_TALLY, Tally())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the counts, however the tests ended."""
    if _TALLY in config.stash:
        terminalreporter.write_line(f"fuzz: {config.stash[_TALLY]}")
