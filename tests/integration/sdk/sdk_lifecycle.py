"""One asset's life with the official SDK, which causes every kind of notification."""

from typing import get_args

import cloudinary.api
import cloudinary.uploader

from simulator.core.events import Event
from tests.integration.simulator.simulator_client import Simulator, eventually

KINDS = get_args(Event)
"""Every ``notification_type`` that the simulator sends."""


def cause_every_kind(simulator: Simulator) -> None:
    """Upload an asset whose labels come late, change everything about it, rename it and its folder, and delete it."""
    simulator.mode("*", "info")
    simulator.add_metadata_fields("sku")
    cloudinary.uploader.upload(b"x", public_id="zoo/é", categorization="aws_rek_tagging", tags=["old"])
    eventually(lambda: simulator.control("GET", "/health")["background"] == 0)
    changes = {"tags": ["new"], "context": {"alt": "x"}, "metadata": {"sku": "42"}, "display_name": "É"}
    cloudinary.api.update("zoo/é", asset_folder="elsewhere", **changes)
    cloudinary.api.rename_folder("elsewhere", "anywhere")
    cloudinary.uploader.rename("zoo/é", "b")
    cloudinary.uploader.destroy("b")
