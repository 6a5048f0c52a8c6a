"""A stack with questions in its review queue."""

import pytest

from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue


@pytest.fixture
def stack() -> FakeReviewQueue:
    return FakeReviewQueue()
