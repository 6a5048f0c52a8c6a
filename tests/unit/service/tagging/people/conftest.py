"""An asset that was tagged an hour ago."""

import pytest

from tests.fakes.context import Fakes
from tests.unit.service.tagging.tagged_asset import given_tagged


@pytest.fixture
def fakes() -> Fakes:
    return given_tagged()
