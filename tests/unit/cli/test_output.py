"""What is printed: escaped, measured, at home on any terminal."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.outcome import LabelOutcome
from cli.labels import bar, near, number
from cli.output import json_text, printable


def outcome(i: int, word: str = "below_threshold") -> LabelOutcome:
    kind: object = word
    return LabelOutcome(f"L{i}", "aws_rek_tagging", 0.5, kind, None, 0.7, "defaults.threshold")  # type: ignore[arg-type]


@given(st.text())
def test_printable_leaves_nothing_that_a_terminal_acts_on(text: str) -> None:
    assert printable(text).isprintable()


@given(st.text())
def test_json_text_is_printable_and_says_the_same(text: str) -> None:
    written = json_text({text: [text]})

    assert written.isprintable()
    assert json.loads(written) == {text: [text]}


def test_readable_text_stays_as_it_is() -> None:
    assert printable("Höhle 洞窟") == "Höhle 洞窟"
    assert json_text(["Höhle"]) == '["Höhle"]'


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_bar_reaches_its_mark_exactly_where_the_confidence_does(confidence: float, threshold: float) -> None:
    drawn = bar(confidence, threshold, "green").plain

    assert len(drawn) == 10
    before, _, after = drawn.partition("┃")
    assert ("┈" not in before) == (confidence >= threshold or before == "")
    assert confidence >= threshold or "━" not in after


def test_a_bar_for_terminals_without_unicode() -> None:
    assert bar(0.5754, 0.7, "", ascii_only=True).plain == "=====..|.."
    assert bar(0.5, None, "").plain == "━━━━━┈┈┈┈┈"


@pytest.mark.parametrize("value, text", [(0.7046, "0.7046"), (1.0, "1.0000"), (0.69999, "0.699990")])
def test_a_confidence_is_not_rounded_over_its_threshold(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize("misses, shown, hidden", [(0, 1, 0), (4, 5, 0), (5, 4, 2), (40, 4, 37)])
def test_only_near_misses_are_shown_where_there_are_many(misses: int, shown: int, hidden: int) -> None:
    labels = [outcome(-1, "kept"), *(outcome(i) for i in range(misses))]

    kept, left_out = near(labels)

    assert (len(kept), left_out) == (shown, hidden)
