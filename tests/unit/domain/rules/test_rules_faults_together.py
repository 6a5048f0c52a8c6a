"""Several faults in one file: all are reported at once, up to a limit, and no fault makes another one up."""

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.rules.parse import examine, parse_rules
from autotag.domain.rules.validation.problems import MAX_ERRORS, InvalidRules
from tests.unit.domain.rules.rule_keys import sentences

MANY = """
treshold = 0.8
[defaults]
threshold = 70
deny = ["A"]
allow = ["a", "B"]
[labels.A]
tag = "a,b"
[labels.B]
parents = ["C"]
[labels.C]
parents = ["B"]
[[when]]
set = { review = 0.9, threshold = 0.5 }
[[when]]
format = []
skip = "true"
"""


def test_all_faults_are_told_at_once() -> None:
    assert [fault.where for fault in examine(MANY).errors] == [
        "treshold",
        "defaults.threshold",
        'labels."A".tag',
        "when[2].format",
        "when[2].skip",
        "defaults.allow[1]",
        "when[1].set.review",
        'labels."B".parents',
    ]


def test_reading_rules_fails_with_every_fault_in_the_message() -> None:
    with pytest.raises(Invalid) as caught:
        parse_rules(MANY, "acme.toml")
    assert isinstance(caught.value, InvalidRules)
    assert caught.value.where == "acme.toml"
    assert caught.value.expected == ". ".join(sentences(MANY))
    assert caught.value.errors == examine(MANY).errors
    with pytest.raises(Invalid, match=r"^acme\.toml: line 2: found invalid TOML, expected '=' after a key"):
        parse_rules("\na", "acme.toml")


def test_warnings_stop_nothing() -> None:
    text = "[[when]]\n"
    assert examine(text).warnings and not examine(text).errors
    assert parse_rules(text) == examine(text).rules


def test_a_misspelt_key_is_read_as_the_one_that_was_meant_so_that_its_faults_are_told_too() -> None:
    text = '[default]\nreviw = 0.9\nthreshold = 0.8\ncase = "x"\ndeny = ["A"]\nallow = ["A"]\n'
    assert [(fault.where, fault.suggestion) for fault in examine(text).errors] == [
        ("default", "defaults"),
        ("default.reviw", "review"),
        ("default.case", ""),
        ("default.allow[1]", ""),
        ("default.reviw", ""),
    ]
    assert sentences(text)[-1] == "default.reviw: found 0.9, expected at most defaults.threshold, which is 0.8"


@pytest.mark.parametrize(
    "text",
    [
        "[defaults]\nthreshold = 70\nreview = 0.75",  # 0.75 is above the threshold that is left out, not above this
        "[defaults]\nthresold = 70\nreview = 0.75",
        "treshold = 0.8\n[defaults]\nreview = 0.75",
        "[defaults]\ndeny = [1]\nallow = ['A']",
        "[[when]]\nsett = 7",  # a block that changes nothing, but for what cannot be read
        "[[when]]\nunknown = 7",
        "when = [7]",
        "[defaults]\nthreshold = 0.9\nthresold = 0.5\nreview = 0.95",
    ],
)
def test_nothing_is_concluded_from_what_cannot_be_read(text: str) -> None:
    examined = examine(text)
    assert len(examined.errors) == 1 and examined.warnings == ()


def test_a_file_that_is_something_else_is_not_told_line_by_line() -> None:
    for text in ("".join(f"k{i} = 1\n" for i in range(20_000)), "".join("[[when]]\nskipp = 0\n" for _ in range(9000))):
        faults = examine(text).errors
        assert len(faults) == MAX_ERRORS + 1
        assert faults[-1].sentence.endswith("more faults, expected a rules file")
    many = "".join(f'[labels."a{i}"]\n[labels."A{i}"]\n' for i in range(2000))
    assert len(examine(many).errors) == MAX_ERRORS


def test_no_number_of_warnings_hides_a_fault() -> None:
    text = "".join(f"[labels.a{i}]\n" for i in range(1000)) + '[[when]]\nfolder = "a//b"\nskip = true\n'
    assert [fault.where for fault in examine(text).errors] == ["when[1].folder"]
    assert len(examine(text).warnings) == MAX_ERRORS
