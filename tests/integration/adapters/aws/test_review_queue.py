"""The review queue on the template's tables: the answers that a request waits for, and what it reads."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.service.operations.api import OperatorDependencies
from tests.fakes.runtime import START
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.critical_path import CriticalPath
from tests.integration.review_tables import ReviewTables, asked, measured, number, waiting_state

LABELS = {"guitar": 0.6, "musician": 0.55}


@pytest.fixture
def tables(aws: Aws) -> ReviewTables:
    """Four hundred waiting assets in forty folders; every hundredth is asked about a harp, too."""
    tables = ReviewTables(aws)
    tables.publish()
    tables.write(
        [
            waiting_state(
                number(n),
                START + n,
                LABELS | ({"harp": 0.5 + n / 10_000} if n % 100 == 17 else {}),
                f"stage/{n % 40}",
            )
            for n in range(400)
        ]
    )
    return tables


def test_a_page_of_twenty_waits_for_at_most_three_answers(tables: ReviewTables) -> None:
    found = measured(tables, "review_list", limit=20)
    assert found.ids == list(range(20)) and found.answer["cursor"]
    assert found.path.now <= 3
    assert (found.calls("Query"), found.calls("BatchGetItem")) == (16, 1)


@pytest.mark.parametrize("order", ["oldest", "confidence"])
def test_a_tag_in_a_folder_waits_for_at_most_three_answers(tables: ReviewTables, order: str) -> None:
    found = measured(tables, "review_list", tag="Guitar", folder="stage/7", order=order, limit=20)
    assert found.ids == list(range(7, 400, 40)) and found.answer["waiting"] == 10
    assert found.path.now <= 3


def test_no_state_is_read_that_is_not_shown(tables: ReviewTables) -> None:
    found = measured(tables, "review_list", tag="nothing such", limit=20)
    assert (found.ids, found.answer["cursor"], found.answer["waiting"]) == ([], None, 0)
    assert found.calls("BatchGetItem") == 0


def test_the_most_confident_question_about_a_tag_comes_first(tables: ReviewTables) -> None:
    first = measured(tables, "review_list", tag="harp", order="confidence", limit=3)
    assert first.ids == [317, 217, 117] and first.answer["waiting"] == 4
    second = measured(tables, "review_list", tag="harp", order="confidence", limit=3, cursor=first.answer["cursor"])
    assert (second.ids, second.answer["cursor"]) == ([17], None)


@pytest.mark.parametrize(("op", "waits"), [("show", 1), ("audits", 2), ("review_summary", 1)])
def test_the_name_of_the_cloud_makes_no_request_wait_longer(tables: ReviewTables, op: str, waits: int) -> None:
    fields = {} if op == "review_summary" else {"asset": number(1)}
    assert measured(tables, op, **fields).path.now == waits


def pages(deps: OperatorDependencies, **fields: Any) -> list[str]:
    """Return the asset_ids of all pages."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = asked(deps, "review_list", cursor=cursor, **fields)
        found += [entry["asset"]["asset_id"] for entry in page["assets"]]
        cursor = page["cursor"]
    return found


@pytest.mark.parametrize("fields", [{}, {"tag": "guitar"}, {"tag": "guitar", "order": "confidence"}])
def test_every_asset_is_on_one_page_also_where_many_wait_since_the_same_moment(
    aws: Aws, fields: dict[str, str]
) -> None:
    small = ReviewTables(aws)
    moments = [START + n // 60 for n in range(150)]
    small.write([waiting_state(number(n), at, LABELS) for n, at in enumerate(moments)])
    deps = small.operators(CriticalPath().start)
    found = pages(deps, limit=22, **fields)
    assert found == [number(n) for n in range(150)]


def test_the_list_reads_a_state_that_moved_behind_only_where_it_stands_now(aws: Aws) -> None:
    small = ReviewTables(aws)
    small.write([waiting_state(number(n), START + n, LABELS) for n in range(3)])
    moved = replace(waiting_state(number(0), START + 50, LABELS), rev=1)
    small.write([moved])
    assert pages(small.operators(CriticalPath().start), limit=2) == [number(n) for n in (1, 2, 0)]
