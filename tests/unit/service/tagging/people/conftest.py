"""An asset that was tagged an hour ago."""

import pytest

from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import GUITARIST, resource, upload


@pytest.fixture
def fakes() -> Fakes:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(3600)
    return fakes
