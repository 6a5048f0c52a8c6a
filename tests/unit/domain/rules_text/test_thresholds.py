"""Thresholds are changed in the text of a rules file wherever they may stand in it, and nothing else is."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules_text.edit import with_thresholds
from autotag_cli.input.rules_file import SHIPPED

FILE = """\
# ours
name = "acme"  # the team's

[defaults]
threshold = 0.70 # as agreed

[labels."Electric Guitar"]
tag = "guitar"
threshold = 0.60   # tuned in May

[labels.Dog] # or puppy
tag = "dog"  # the last line

# on stage
[[when]]
folder = "stage/**"
labels = { Dog = { threshold = 0.99 } }
"""

EDITED = """\
# ours
name = "acme"  # the team's

[defaults]
threshold = 0.70 # as agreed

[labels."Electric Guitar"]
tag = "guitar"
threshold = 0.655   # tuned in May

[labels.Dog] # or puppy
threshold = 0.5
tag = "dog"  # the last line

[labels."Red, \\"Car\\""]
threshold = 0.8

[labels.Cat]
threshold = 0.9

# on stage
[[when]]
folder = "stage/**"
labels = { Dog = { threshold = 0.99 } }
"""


def test_only_the_thresholds_change() -> None:
    wanted = {"electric  GUITAR": 0.655, "Dog": 0.5, 'Red, "Car"': 0.8, "Cat": 0.9}
    assert with_thresholds(FILE, wanted) == EDITED


def test_line_ends_stay_as_they_are() -> None:
    edited = with_thresholds(FILE.replace("\n", "\r\n"), {"Dog": 0.5, "Cat": 0.9})
    assert edited.count("\r\n") == edited.count("\n") and parse_rules(edited).labels["Cat"].threshold == 0.9


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "\n[labels.Dog]\nthreshold = 0.5\n"),
        ('[[when]]\nadd = ["x"]', '[[when]]\nadd = ["x"]\n[labels.Dog]\nthreshold = 0.5\n'),
        ("[labels]\ndog = { tag = 'd' } # c\n", "[labels]\ndog = { threshold = 0.5, tag = 'd' } # c\n"),
        ("[labels]\ndog = {}\n", "[labels]\ndog = { threshold = 0.5 }\n"),
        ("[labels]\ncat = {}\n", "[labels]\ncat = {}\n\n[labels.Dog]\nthreshold = 0.5\n"),
        ("[labels]\ndog.tag = 'd'#c\n", "[labels]\ndog.tag = 'd'#c\ndog.threshold = 0.5\n"),
        ("labels.dog.tag = 'd'\n", "labels.dog.tag = 'd'\nlabels.dog.threshold = 0.5\n"),
        ("labels.dog.threshold = 1\n", "labels.dog.threshold = 0.5\n"),
        ("labels.cat.tag = 'c'\n", "labels.cat.tag = 'c'\nlabels.Dog.threshold = 0.5\n"),
        ("labels = {cat = {tag = 'c'}}\n", "labels = {Dog = { threshold = 0.5 }, cat = {tag = 'c'}}\n"),
        ("labels = {}\n", "labels = { Dog = { threshold = 0.5 } }\n"),
        ("labels.dog = { threshold = 0.9 }\n", "labels.dog = { threshold = 0.5 }\n"),
        ("[labels . 'DOG']\n", "[labels . 'DOG']\nthreshold = 0.5\n"),
        ("\ufeff[labels.Dog]", "[labels.Dog]\nthreshold = 0.5"),
    ],
)
def test_a_label_may_be_written_in_any_way(text: str, expected: str) -> None:
    assert with_thresholds(text, {"Dog": 0.5}) == expected


def test_a_new_label_comes_behind_what_is_new_in_the_last_one() -> None:
    edited = with_thresholds("[labels.Dog]", {"Cat": 0.9, "Dog": 0.5})
    assert edited == "[labels.Dog]\nthreshold = 0.5\n\n[labels.Cat]\nthreshold = 0.9"


def test_a_broken_file_is_told() -> None:
    with pytest.raises(Invalid, match="thresold"):
        with_thresholds("thresold = 1\n", {"Dog": 0.5})


NAMES = st.sampled_from(["Dog", "Electric Guitar", 'a "b"', "Café", "x.y", "back\\slash"])
BODIES = st.sampled_from(["", "threshold = 0.7", "tag = 'a tag' # why", "parents = [\n  'p', # one\n]\npriority = 1"])


@st.composite
def files(draw: st.DrawFn) -> str:
    names = draw(st.lists(NAMES, unique=True))
    tables = [f"[labels.{json.dumps(name, ensure_ascii=False)}] # {name!r}\n{draw(BODIES)}" for name in names]
    blocks = ["[defaults]\nthreshold = 0.6", "# on stage\n[[when]]\nadd = ['x']", "# the end\n[[when]]\nskip = true"]
    before, after = draw(st.permutations(blocks[:1])), draw(st.permutations(blocks[1:]))
    return draw(st.sampled_from(["\n", "\n\n", "\n# between\n"])).join([*before, *tables, *after])


@given(text=files(), thresholds=st.dictionaries(NAMES, st.floats(0, 1), max_size=4))
def test_whatever_the_file_it_says_the_same_but_for_the_thresholds(text: str, thresholds: dict[str, float]) -> None:
    edited = with_thresholds(text, thresholds)

    was, now = tomllib.loads(text), tomllib.loads(edited)
    for name, threshold in thresholds.items():
        assert now["labels"][name].pop("threshold") == threshold
        was.setdefault("labels", {}).setdefault(name, {}).pop("threshold", None)
    assert now == was
    for line in text.splitlines():
        assert line in edited.splitlines() or line.startswith("threshold")


def test_the_rules_that_are_shipped_can_be_changed_in_place() -> None:
    edited = with_thresholds(SHIPPED.read_text("utf-8"), {"Guitar": 0.65})
    assert parse_rules(edited).labels["Guitar"].threshold == 0.65
