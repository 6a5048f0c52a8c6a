"""Cloudinary's adapter and its server, for each test."""

from collections.abc import Iterator

import pytest

from tests.integration.adapters.cloudinary.cloudinary_api import Api
from tests.integration.adapters.cloudinary.cloudinary_server import serving


@pytest.fixture
def api() -> Iterator[Api]:
    with serving() as server:
        yield Api(server)
