"""States of several assets, of which one may have been written by another version of the service."""

from collections.abc import Sequence

from autotag.domain.errors import UnknownShape
from autotag.domain.state.asset_state import AssetState
from autotag.ports.assets import StateStore
from autotag.ports.runs import StatePages
from autotag.ports.runtime import Telemetry


def known_states(
    states: StateStore | StatePages, telemetry: Telemetry, asset_ids: Sequence[str]
) -> dict[str, AssetState]:
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
