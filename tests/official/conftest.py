"""The local Cloudinary, for tests that drive Cloudinary's own command."""

from tests.integration.simulator.conftest import simulator, simulator_process

__all__ = ["simulator", "simulator_process"]
