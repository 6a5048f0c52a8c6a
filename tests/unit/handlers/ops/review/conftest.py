"""The operators' function with four assets about which a person is asked."""

import pytest

from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.handlers.ops.review.review_requests import four_assets


@pytest.fixture
def ops() -> Ops:
    return four_assets()
