"""A library whose rules are newer than its decisions."""

import pytest

from tests.unit.service.runs.run_library import NEW, Library


@pytest.fixture
def library() -> Library:
    library = Library()
    library.fakes.clock.advance(3600)
    library.fakes.rules.use(NEW, 1)
    return library
