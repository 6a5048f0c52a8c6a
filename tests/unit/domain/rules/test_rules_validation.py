"""What validation says: every fault at once, each with its place, what was found, what was expected, what was meant."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag.domain.rules.parse import MAX_BYTES, examine, parse_rules
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import MAX_ERRORS, InvalidRules
from autotag.domain.rules.validation.schema_check import SchemaCheck

PROJECT = Path(__file__).resolve().parents[4]
KEYS_OF_DEFAULTS = "threshold, review, max_tags, case, prefix, mode, providers, deny, allow, auto_tagged, on_move"
KEYS_OF_LABELS = "threshold, tag, parents, priority"
KEYS_OF_WHEN = "name, folder, format, tags_any, context, labels_any, set, labels, add, skip"
TAG = "a tag: 1 to 255 characters, no comma, no control or invisible character, no white space at its ends"


def sentences(text: str) -> list[str]:
    return [fault.sentence for fault in examine(text).errors]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[labels."Electric Guitar"]\nthresold = 0.6',
            f'labels."Electric Guitar".thresold: found an unknown key, expected one of {KEYS_OF_LABELS}; '
            "did you mean threshold?",
        ),
        ("[defaults]\ncolour = 1", f"defaults.colour: found an unknown key, expected one of {KEYS_OF_DEFAULTS}"),
        (
            '"odd key" = 1',
            '"odd key": found an unknown key, expected one of name, defaults, labels, when',
        ),
        (
            "threshold = 0.8",
            "threshold: found an unknown key, expected one of name, defaults, labels, when; "
            "did you mean defaults.threshold?",
        ),
        (
            "tresholds = 0.8",
            "tresholds: found an unknown key, expected one of name, defaults, labels, when; "
            "did you mean defaults.threshold?",
        ),
        (
            "[[when]]\n[[when]]\nmax-tags = 5",
            f"when[2].max-tags: found an unknown key, expected one of {KEYS_OF_WHEN}; did you mean set.max_tags?",
        ),
        (
            "[defaults]\nthreshold = 70",
            "defaults.threshold: found 70, expected a number from 0 to 1; did you mean 0.7?",
        ),
        (
            '[defaults]\nthreshold = "0.7"',
            'defaults.threshold: found the text "0.7", expected a number from 0 to 1; did you mean 0.7?',
        ),
        ("[defaults]\nthreshold = nan", "defaults.threshold: found nan, expected a number from 0 to 1"),
        ("[defaults]\nthreshold = true", "defaults.threshold: found true, expected a number from 0 to 1"),
        ("[defaults]\nthreshold = 07:30:00", "defaults.threshold: found a date or time, expected a number from 0 to 1"),
        (
            f"[defaults]\nmax_tags = {10**30}",
            "defaults.max_tags: found a huge number, expected a whole number from 0 to 1000",
        ),
        (
            '[defaults]\ncase = "Lowercase"',
            'defaults.case: found the text "Lowercase", expected one of "keep", "lower", "title"; '
            'did you mean "lower"?',
        ),
        (
            '[defaults]\ndeny = "Human"',
            'defaults.deny: found the text "Human", expected a list such as ["Human", "Person"]; '
            'did you mean ["Human"]?',
        ),
        ('[defaults]\ndeny = ["A", 7]', "defaults.deny[2]: found 7, expected the name of a label"),
        (
            "[defaults]\nproviders = []",
            'defaults.providers: found an empty list, expected a list of at least 1 such as ["aws_rek_tagging"]',
        ),
        (
            '[labels.A]\ntag = "a\\u0007b"',
            f'labels."A".tag: found the text "a\\u0007b" with the character U+0007, expected {TAG}',
        ),
        (
            '[[when]]\nadd = ["ok", "a\\u200Bb"]',
            f'when[1].add[2]: found the text "a\u200bb" with the character U+200B, expected {TAG}',
        ),
        (
            f'[labels.A]\nparents = ["{"x" * 61}\\u00AD"]',
            f'labels."A".parents[1]: found a text of 62 characters with the character U+00AD, expected {TAG}',
        ),
        ('[labels.A]\ntag = "a,b"', f'labels."A".tag: found the text "a,b", expected {TAG}'),
        (f'[labels.A]\ntag = "{"x" * 300}"', f'labels."A".tag: found a text of 300 characters, expected {TAG}'),
        ('[labels.""]\ntag = "a"', 'labels."": found the name "", expected the name of a label'),
        ("labels.A = 0.6", 'labels."A": found 0.6, expected a table'),
        ("[when]\nfolder = 'a'", "when: found a table, expected blocks that each begin with [[when]]"),
        ("when = [1]", "when[1]: found 1, expected a table"),
        ("[[when]]\nset = 1", "when[1].set: found 1, expected a table such as { threshold = 0.6, max_tags = 5 }"),
        (
            "[[when]]\nlabels = []",
            "when[1].labels: found an empty list, expected a table such as { Person = { threshold = 0.99 } }",
        ),
        ('[[when]]\nskip = "True"', 'when[1].skip: found the text "True", expected true or false; did you mean true?'),
        ("[[when]]\nset.review = 2", "when[1].set.review: found 2, expected a number from 0 to 1; did you mean 0.02?"),
        ("name = 1979-05-27", "name: found a date or time, expected a text of 1 to 100 characters"),
    ],
)
def test_one_sentence_tells_the_place_what_was_found_and_what_was_expected(text: str, sentence: str) -> None:
    assert sentences(text) == [sentence]


@pytest.mark.parametrize(
    ("text", "line", "column", "sentence"),
    [
        ("name =", 1, None, "found invalid TOML (invalid value), expected TOML 1.0"),
        ("\n\nname", 3, None, "found invalid TOML, expected '=' after a key in a key/value pair"),
        ("a = 1\n\nb = = 2", 3, 5, "found invalid TOML (invalid value), expected TOML 1.0"),
        (
            'name = "a"\nname = "b"\n\n[defaults]',
            2,
            11,
            "found a duplicate key or table, expected each key and table once",
        ),
        ("[defaults]\n[defaults]\n", 2, 10, "found a duplicate key or table, expected each key and table once"),
        (
            f"a = {'[' * 3000}",
            None,
            None,
            "found tables or lists that are nested too deeply, expected at most tables within tables",
        ),
        (
            f"a = {'1' * 5000}",
            None,
            None,
            "found invalid TOML (exceeds the limit (4300 digits) for integer string conversion), expected TOML 1.0",
        ),
        ('name = "\ud800"', None, None, "found half of a surrogate pair, expected text that UTF-8 can hold"),
        (f"# {'é' * (MAX_BYTES // 2)}", None, None, f"found {MAX_BYTES + 2} bytes, expected at most {MAX_BYTES}"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, line: int | None, column: int | None, sentence: str) -> None:
    (fault,) = examine(text).errors
    assert (fault.line, fault.column, fault.sentence) == (line, column, sentence)


def test_a_file_of_the_largest_size_is_read_and_a_byte_order_mark_does_not_matter() -> None:
    mark, text = "\ufeff", 'name = "acme"\n#'
    assert parse_rules(mark + text + "x" * (MAX_BYTES - len((mark + text).encode()))).name == "acme"


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


SCALARS = (
    st.none().map(lambda _: "")
    | st.booleans()
    | st.integers()
    | st.integers(-2, 1001)
    | st.floats()
    | st.sampled_from([0.5, "a", "a,b", " a", "a\n", "a\x00", "é" * 255, "x" * 256, "lower", "apply", "adopt"])
    | st.sampled_from(["aws_rek_tagging", "auto:", "jpg", ".", "\u2028", "x" * 101])
    | st.text(max_size=3)
    | st.datetimes()
)
NAMES = st.sampled_from(
    f"name, defaults, labels, when, {KEYS_OF_DEFAULTS}, {KEYS_OF_LABELS}, {KEYS_OF_WHEN}, thresold".split(", ")
) | st.text(max_size=2)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
TABLES = {
    "defaults": KEYS_OF_DEFAULTS.split(", "),
    "set": KEYS_OF_DEFAULTS.split(", ")[:6],
    "label": KEYS_OF_LABELS.split(", "),
    "when": KEYS_OF_WHEN.split(", "),
}
TABLE = {name: st.dictionaries(st.sampled_from(keys), VALUES, max_size=3) for name, keys in TABLES.items()}
LABEL_TABLES = st.dictionaries(st.text(max_size=3), TABLE["label"], max_size=2)
BLOCKS = st.builds(
    lambda block, set_, labels: {**block, **set_, **labels},
    TABLE["when"],
    st.just({}) | st.builds(lambda table: {"set": table}, TABLE["set"]),
    st.just({}) | st.builds(lambda table: {"labels": table}, LABEL_TABLES),
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=3) | st.fixed_dictionaries(
    {}, optional={"defaults": TABLE["defaults"], "labels": LABEL_TABLES, "when": st.lists(BLOCKS, max_size=2)}
)


@given(document=DOCUMENTS)
@example(document={"defaults": {"max_tags": 5.0}})
@example(document={"defaults": {"threshold": 10**400}})
@example(document={"labels": {"A": {"tag": "a\n"}, " ": {}}})
def test_validation_finds_a_fault_exactly_where_reading_does(document: dict[str, object]) -> None:
    try:
        rules = msgspec.convert(document, Rules)
    except msgspec.ValidationError:
        rules = None
    check = SchemaCheck(document)
    assert (check.errors == []) == (rules is not None)
    readable = msgspec.convert(check.readable, Rules)
    assert rules is None or readable == rules


def test_good_rules_cost_a_cold_start_no_import_that_only_faults_need() -> None:
    validation = "autotag.domain.rules.validation"
    code = (
        "import sys; from autotag.domain.rules.parse import parse_rules; parse_rules(sys.stdin.read());"
        f"print([m for m in ('difflib', '{validation}.schema_check', '{validation}.messages') if m in sys.modules])"
    )
    text = (PROJECT / "docs" / "rules.example.toml").read_bytes()
    done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, cwd=PROJECT / "src")
    assert done.stdout == b"[]\n"
