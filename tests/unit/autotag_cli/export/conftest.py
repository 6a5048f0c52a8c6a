"""A stack with a thousand assets."""

import pytest

from autotag.domain.state.asset_state import AssetState
from tests.unit.autotag_cli.export.exported_file import ASSETS
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.made_up_history import Known, history


@pytest.fixture(scope="module")
def states() -> dict[str, AssetState]:
    return {state.asset.asset_id: state for state in history({"Dog": Known(0.5, 0.7, ASSETS)}, 1)}


@pytest.fixture
def ops(states: dict[str, AssetState]) -> FakeOps:
    found = FakeOps()
    found.states = dict(states)
    return found
