"""A stack whose secret is filled in."""

import pytest

from tests.unit.autotag_cli.fake_stack import DOCUMENT, FakeStack


@pytest.fixture
def stack() -> FakeStack:
    return FakeStack(DOCUMENT)
