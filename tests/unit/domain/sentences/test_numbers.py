"""Numbers in sentences: as people write them, and never on the wrong side of each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.sentences.numbers import confidence_text, threshold_text


@given(confidence=st.floats(0, 1), threshold=st.floats(0, 1))
def test_the_texts_are_in_the_order_of_the_numbers(confidence: float, threshold: float) -> None:
    shown = float(confidence_text(confidence, threshold))
    assert float(threshold_text(threshold)) == threshold
    assert (shown < threshold) == (confidence < threshold)
    assert abs(shown - confidence) <= 0.00005


@pytest.mark.parametrize(
    ("confidence", "threshold", "text"),
    [
        (0.7, 0.7, "0.70"),
        (0.7046, 0.7, "0.7046"),
        (0.69999999, 0.7, "0.69999999"),
        (0.99999, 1.0, "0.99999"),
        (0.123456, None, "0.1235"),
        (0.0, 0.7, "0.00"),
        (1.0, 0.7, "1.00"),
    ],
)
def test_a_confidence_has_as_few_decimals_as_it_needs(confidence: float, threshold: float | None, text: str) -> None:
    assert confidence_text(confidence, threshold) == text


@pytest.mark.parametrize(
    ("threshold", "text"),
    [(0.6, "0.60"), (0.625, "0.625"), (1.0, "1.00"), (0.0, "0.00"), (0.69999999, "0.69999999"), (1e-30, "1e-30")],
)
def test_a_threshold_is_as_people_write_it(threshold: float, text: str) -> None:
    assert threshold_text(threshold) == text
