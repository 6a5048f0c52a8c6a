"""The asset about which a person is asked two tags."""

import pytest

from tests.fakes.context import Fakes
from tests.unit.service.tagging.people.guitarist import guitarist


@pytest.fixture
def fakes() -> Fakes:
    return guitarist()
