"""The drawing of a label's confidences: bars of true heights, lines at true places, and the same in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag_console.views.histogram import PICTURES, VERDICTS, WIDTH, histogram

NUMBERS = st.dictionaries(st.integers(0, 10_000).map(lambda n: n / 10_000), st.integers(1, 10_000), max_size=30)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_every_picture_and_verdict_is_in_one_bin_and_every_bar_within_the_drawing(
    pictures: dict[float, int], right: dict[float, int], wrong: dict[float, int]
) -> None:
    drawing = histogram("Dog", pictures, right, wrong)
    assert [sum(getattr(each, kind) for each in drawing.bins) for kind in ("pictures", "right", "wrong")] == [
        sum(numbers.values()) for numbers in (pictures, right, wrong)
    ]
    for bar in drawing.bars:
        assert bar.x >= 0 and bar.x + bar.width <= WIDTH and bar.y >= 0 and bar.y + bar.height <= drawing.height
    for bar in (each for each in drawing.bars if each.kind == "right"):
        assert bar.y + bar.height == pytest.approx(drawing.axis)


def test_bars_are_as_high_as_their_numbers_beside_the_highest() -> None:
    drawing = histogram("Dog", {0.3: 100, 0.9: 50}, {0.9: 10}, {0.3: 5})
    heights = {(bar.kind, bar.x): bar.height for bar in drawing.bars}
    assert sorted(heights.values()) == [VERDICTS / 2, VERDICTS, PICTURES / 2, PICTURES]


def test_the_drawing_begins_where_the_label_does_and_a_threshold_has_its_place() -> None:
    drawing = histogram("Dog", {0.52: 1}, {}, {})
    assert (drawing.low, drawing.place(0.5), drawing.place(0.75), drawing.place(1.0)) == ("0.50", 0.0, 500.0, 1000.0)
    assert drawing.place(0.2) == 0.0


def test_a_bound_belongs_to_the_bin_above_and_one_to_the_last() -> None:
    drawing = histogram("Dog", {0.7: 1, 1.0: 1}, {}, {})
    assert [(each.low, each.high) for each in drawing.bins if each.pictures] == [(0.7, 0.75), (0.95, 1.0)]


def test_words_name_what_is_there_and_a_part_of_a_verdict_is_one() -> None:
    drawing = histogram("Dog", {0.31: 1200, 0.72: 1}, {0.31: 0.2}, {0.31: 2.6})
    assert drawing.words == (
        "Dog by confidence. 0.30 to 0.35: 1,200 pictures, 1 judged right, 3 wrong; 0.70 to 0.75: 1 picture."
    )
    assert histogram("Dog", {}, {}, {}).words == "Dog by confidence. No picture has it."
