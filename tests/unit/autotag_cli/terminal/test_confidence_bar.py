"""A confidence against its threshold, drawn and in numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag_cli.terminal.confidence_bar import (
    bar,
    confidence_bar,
    confidence_comparison,
    confidence_text,
    threshold_text,
)


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_bar_reaches_its_mark_exactly_where_the_confidence_does(confidence: float, threshold: float) -> None:
    cells = bar(confidence, threshold, "green").plain

    assert len(cells) == 10
    before, _, after = cells.partition("┃")
    assert ("┈" not in before) == (confidence >= threshold or before == "")
    assert confidence >= threshold or "━" not in after


def test_a_bar_for_terminals_without_unicode() -> None:
    assert bar(0.5754, 0.7, "", ascii_only=True).plain == "=====..|.."
    assert bar(0.5, None, "").plain == "━━━━━┈┈┈┈┈"


@pytest.mark.parametrize("value, text", [(0.7046, "0.7046"), (1.0, "1.0000"), (0.69999, "0.699990")])
def test_a_confidence_is_not_rounded_over_its_threshold(value: float, text: str) -> None:
    assert confidence_text(value) == text


@pytest.mark.parametrize("value, text", [(0.7, "0.70"), (1, "1.00"), (0, "0.00"), (0.7046, "0.7046"), (0.725, "0.725")])
def test_a_threshold_has_no_more_decimals_than_it_needs(value: float, text: str) -> None:
    assert threshold_text(value) == text


def test_both_numbers_stand_beside_the_bar() -> None:
    assert confidence_bar(0.7046, 0.6, "green").plain == "0.7046 ━━━━━━┃┈┈┈ 0.60"
    assert confidence_bar(1.0, None, "green").plain == "1.0000 ━━━━━━━━━━"


@pytest.mark.parametrize(
    "confidence, ascii_only, text",
    [(0.7, False, "0.7000 ≥ 0.70"), (0.7, True, "0.7000 >= 0.70"), (0.69999, False, "0.699990 < 0.70")],
)
def test_where_there_is_no_room_the_numbers_are_compared(confidence: float, ascii_only: bool, text: str) -> None:
    assert confidence_comparison(confidence, 0.7, ascii_only=ascii_only).plain == text


def test_what_has_no_threshold_is_compared_with_none() -> None:
    assert confidence_comparison(0.7, None).plain == "0.7000"
