"""What the tests of this folder begin with."""

import pytest

from tests.fakes.context import Fakes
from tests.unit.service.tagging.faults.held.left_claims import given_asset


@pytest.fixture
def fakes() -> Fakes:
    """An asset that Cloudinary has, and nothing stored."""
    return given_asset()
