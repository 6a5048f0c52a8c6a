"""A deployed console on fakes."""

import pytest

from tests.unit.handlers.console.console_requests import Console


@pytest.fixture
def console() -> Console:
    return Console()
