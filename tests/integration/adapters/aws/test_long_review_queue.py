"""Ten thousand waiting assets on the template's tables: the answers that a request waits for, and what it finds."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from tests.fakes.runtime import START
from tests.integration.adapters.conftest import Aws, Clients
from tests.integration.review_tables import ReviewTables, measured, number, waiting_state

MANY = 10_000
RARE = [17, 4021, 9999]
"""The numbers of the assets that are asked about ``harp``."""


@pytest.fixture(scope="module")
def tables(clients: Clients, resources: dict[str, Any]) -> Iterator[ReviewTables]:
    """Ten thousand waiting assets under pushed rules, which no process has read yet."""
    with mock_aws():
        tables = ReviewTables(Aws(clients, resources))
        tables.publish()
        tables.write(
            [
                waiting_state(number(n), START + n, {"harp" if n in RARE else "guitar": 0.6}, f"stage/{n % 40}")
                for n in range(MANY)
            ]
        )
        yield tables


def test_a_rare_tag_among_ten_thousand_waits_for_at_most_five_answers(tables: ReviewTables) -> None:
    found = measured(tables, "review_list", tag="Harp", limit=20)
    assert found.ids == RARE
    assert (found.answer["cursor"], found.answer["waiting"]) == (None, 3)
    assert found.path.now <= 5
    assert found.calls("BatchGetItem") == 1


def test_a_summary_of_ten_thousand_waits_for_at_most_two_answers_and_reads_no_state(tables: ReviewTables) -> None:
    found = measured(tables, "review_summary")
    summary = found.answer
    assert (summary["assets"], summary["questions"], summary["unindexed"]) == (MANY, MANY, 0)
    assert {each["tag"]: each["questions"] for each in summary["tags"]} == {"guitar": MANY - 3, "harp": 3}
    assert len(summary["folders"]) == 40 and not summary["partial"]
    assert found.path.now <= 2
    assert {*found.path.calls} == {"Query", "GetItem"}
