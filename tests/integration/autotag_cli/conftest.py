"""The simulator as a process of its own, for the commands that call Cloudinary."""

from collections.abc import Iterator

import pytest

from tests.integration.simulator.simulator_client import KEYS, Simulator, launch, stop


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A fresh simulator."""
    started = launch(*KEYS)
    yield started
    stop(started)
