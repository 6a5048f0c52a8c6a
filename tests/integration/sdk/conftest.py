"""The official Python SDK, unchanged, pointed at a simulator that runs as a process of its own."""

import os
from collections.abc import Iterator

import cloudinary
import pytest

from tests.integration.sdk.sdk_configuration import cloudinary_url
from tests.integration.simulator.conftest import receiver, simulator, simulator_process
from tests.integration.simulator.simulator_client import Simulator

__all__ = ["receiver", "sdk", "simulator", "simulator_process"]


@pytest.fixture
def sdk(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The SDK as ``CLOUDINARY_URL`` alone configures it. Its configuration is the process's, so it ends with the test.

    The key is the account's oldest, which signs notifications, as in an account of one key.
    """
    for name in [name for name in os.environ if name.startswith("CLOUDINARY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CLOUDINARY_URL", cloudinary_url(simulator.url))
    cloudinary.reset_config()
    yield
    monkeypatch.undo()
    cloudinary.reset_config()
