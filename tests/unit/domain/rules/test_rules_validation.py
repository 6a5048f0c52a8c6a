"""What validation says of one fault: its place, what was found, what was expected, what was meant."""

import subprocess
import sys
from pathlib import Path

import pytest

from autotag.domain.rules.parse import MAX_BYTES, examine, parse_rules
from tests.unit.domain.rules.rule_keys import KEYS, KEYS_OF_DEFAULTS, KEYS_OF_LABELS, KEYS_OF_WHEN, sentences

PROJECT = Path(__file__).resolve().parents[4]
TAG = "a tag: 1 to 255 characters, no comma, no control or invisible character, no white space at its ends"


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
            f'"odd key": found an unknown key, expected one of {KEYS}',
        ),
        (
            "threshold = 0.8",
            f"threshold: found an unknown key, expected one of {KEYS}; did you mean defaults.threshold?",
        ),
        (
            "tresholds = 0.8",
            f"tresholds: found an unknown key, expected one of {KEYS}; did you mean defaults.threshold?",
        ),
        (
            "[[when]]\n[[when]]\nmax-tags = 5",
            f"when[2].max-tags: found an unknown key, expected one of {KEYS_OF_WHEN}; did you mean set.max_tags?",
        ),
        (
            "[defaults]\nthreshold = 70",
            "defaults.threshold: found 70, expected a number from 0 to 1; did you mean 0.70?",
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
        ("[[when]]\nset.review = 2", "when[1].set.review: found 2, expected a number from 0 to 1"),
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


def test_good_rules_cost_a_cold_start_no_import_that_only_faults_need() -> None:
    validation = "autotag.domain.rules.validation"
    code = (
        "import sys; from autotag.domain.rules.parse import parse_rules; parse_rules(sys.stdin.read());"
        f"print([m for m in ('difflib', '{validation}.schema_check', '{validation}.messages') if m in sys.modules])"
    )
    text = (PROJECT / "docs" / "rules.example.toml").read_bytes()
    done = subprocess.run([sys.executable, "-c", code], input=text, capture_output=True, cwd=PROJECT / "src")
    assert done.stdout == b"[]\n"
