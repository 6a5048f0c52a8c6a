"""Bars and denied labels are changed in the text of a rules file, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules_text.edit import deny_label, set_bars
from tests.unit.domain.rules_text.test_thresholds import FILE, files


def test_one_bar_changes_and_comments_stay() -> None:
    assert set_bars(FILE, "electric guitar", threshold=0.55) == FILE.replace("0.60   # tuned", "0.55   # tuned")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "[defaults]\nreview = 0.5\n"),
        ("# mine\n", "# mine\n\n[defaults]\nreview = 0.5\n"),
        ("[defaults]\nreview = 0.40 # low\n", "[defaults]\nreview = 0.5 # low\n"),
        ("[defaults] # all\ncase = 'lower'\n", "[defaults] # all\nreview = 0.5\ncase = 'lower'\n"),
        ("defaults.case = 'lower'\n", "defaults.case = 'lower'\ndefaults.review = 0.5\n"),
        ("defaults = { case = 'lower' }\n", "defaults = { review = 0.5, case = 'lower' }\n"),
        ("name = 'a'\n[labels.Dog]\n", "name = 'a'\n\n[defaults]\nreview = 0.5\n[labels.Dog]\n"),
        ("# top\n\n# a dog\n[labels.Dog]\n", "# top\n\n[defaults]\nreview = 0.5\n\n# a dog\n[labels.Dog]\n"),
        ("# top\n[[when]]\nadd = ['x']\n", "# top\n[defaults]\nreview = 0.5\n\n[[when]]\nadd = ['x']\n"),
        ("# top\r\n\r\n[labels.Dog]\r\n", "# top\r\n\r\n[defaults]\r\nreview = 0.5\r\n\r\n[labels.Dog]\r\n"),
    ],
)
def test_the_review_bar_of_all_labels_may_be_written_in_any_way(text: str, expected: str) -> None:
    assert set_bars(text, "", review=0.5) == expected


def test_both_bars_of_all_labels_change_at_once() -> None:
    assert set_bars("[defaults]\nthreshold = 0.4\n", "", threshold=0.8, review=0.6) == (
        "[defaults]\nreview = 0.6\nthreshold = 0.8\n"
    )


@given(text=files(), threshold=st.floats(0, 1))
def test_whatever_the_file_the_rules_have_that_threshold(text: str, threshold: float) -> None:
    assert parse_rules(set_bars(text, "", threshold=threshold)).defaults.threshold == threshold
    assert parse_rules(set_bars(text, "Dog", threshold=threshold)).labels["Dog"].threshold == threshold


@pytest.mark.parametrize(
    ("label", "bars", "sentence"),
    [
        ("Dog", {"review": 0.5}, r'labels\."Dog"\.review: only \[defaults\] and \[\[when\]\] have a review bar'),
        ("", {"review": 0.9}, r"the text with this change is not valid .*defaults\.review"),
        ("", {"threshold": 1.5}, r"the text with this change is not valid .*defaults\.threshold"),
    ],
)
def test_what_the_language_does_not_allow_is_refused_in_a_sentence(
    label: str, bars: dict[str, float], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        set_bars("[defaults]\nthreshold = 0.7\n", label, **bars)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = 'a'\n", "name = 'a'\n\n[defaults]\ndeny = [\"Dog\"]"),
        ("[defaults]\n", '[defaults]\ndeny = ["Dog"]\n'),
        ("[defaults]\ndeny = []\n", '[defaults]\ndeny = ["Dog"]\n'),
        ("defaults.deny = ['Cat'] # no\n", "defaults.deny = ['Cat', \"Dog\"] # no\n"),
        ("defaults.deny = ['Cat',]\n", "defaults.deny = ['Cat', \"Dog\",]\n"),
        ("defaults.deny = [\n  'Cat', # no\n]\n", "defaults.deny = [\n  'Cat', # no\n  \"Dog\",\n]\n"),
        ("defaults.deny = [\n  'Cat'\n]\n", "defaults.deny = [\n  'Cat',\n  \"Dog\"\n]\n"),
        ("defaults.deny = [\r\n\t'Cat',\r\n]\r\n", "defaults.deny = [\r\n\t'Cat',\r\n\t\"Dog\",\r\n]\r\n"),
        ("defaults.deny = ['Cat',\n  'Cow'] # no\n", "defaults.deny = ['Cat',\n  'Cow', \"Dog\"] # no\n"),
        ("defaults.deny = ['dog']\n", "defaults.deny = ['dog']\n"),
    ],
)
def test_a_label_joins_the_denied_ones_as_the_list_is_written(text: str, expected: str) -> None:
    assert deny_label(text, "Dog").rstrip() == expected.rstrip()


def test_an_allowed_label_cannot_be_denied_as_well() -> None:
    with pytest.raises(Invalid, match="not valid"):
        deny_label("[defaults]\nallow = ['Dog']\n", "Dog")
