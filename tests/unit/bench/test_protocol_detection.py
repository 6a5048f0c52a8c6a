"""The model of paid calls: no promise is broken under its rules, and without any one of them one is."""

import pytest

from bench.protocol.detection import EVERY, RULES, search

SMALL = ((0, 0), (1, 0), (3, 0), (0, 1))


def test_under_all_rules_no_promise_is_broken() -> None:
    assert [search(EVERY, deaths=deaths, uploads=uploads).ways for deaths, uploads in SMALL] == [{}] * len(SMALL)


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_a_promise_is_broken(rule: str) -> None:
    assert any(search(EVERY - {rule}, deaths=d, uploads=u, first=True).ways for d, u in SMALL)


def test_taking_the_budget_before_the_claim_lets_a_duplicate_take_from_it() -> None:
    assert "P2" in search(EVERY - {"CLAIM_FIRST"}, deaths=0, uploads=0).ways
