"""The local Cloudinary, which delivers pictures."""

from tests.integration.simulator.conftest import sdk, simulator, simulator_process

__all__ = ["sdk", "simulator", "simulator_process"]
