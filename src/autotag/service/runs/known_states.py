"""States of several assets, of which one may have been written by another version of the service."""

from collections.abc import Sequence
from typing import Protocol

from autotag.domain.errors import UnknownShape
from autotag.domain.state.asset_state import AssetState
from autotag.ports.runtime import Telemetry


class _States(Protocol):
    def load_all(self, asset_ids: Sequence[str]) -> dict[str, AssetState]:
        """Return the states of those assets that were seen before, by asset_id."""
        ...


def known_states(states: _States, telemetry: Telemetry, asset_ids: Sequence[str]) -> dict[str, AssetState]:
    """Return the stored states by asset_id, without those in a shape that another version of the service writes."""
    try:
        return states.load_all(asset_ids)
    except UnknownShape:
        found: dict[str, AssetState] = {}
    for asset_id in asset_ids:
        try:
            found |= states.load_all([asset_id])
        except UnknownShape as error:
            telemetry.count("UnknownShape")
            telemetry.warn("item_skipped", fault=str(error))
    return found
