"""The worker's dependencies as fakes."""

import pytest

from tests.fakes.context import Fakes


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()
