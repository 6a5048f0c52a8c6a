"""The line of a rule: the same as that of the parser with positions, in every rules file of the project."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autotag.domain.sentences.rule_lines import key_lines, rule_line
from autotag.domain.sentences.rule_path import parse_rule_path
from autotag_cli.rules.starter.recipes import recipes, starter_text
from tests.unit.domain.rules_text.parsed_positions import ParsedPositions
from tests.unit.domain.rules_text.test_positions import LINES, TEXT

ROOT = Path(__file__).parents[4]
FILES = {
    "example": (ROOT / "docs" / "rules.example.toml").read_text("utf-8"),
    "default": (ROOT / "src" / "autotag" / "default_rules.toml").read_text("utf-8"),
    "starter": starter_text(),
    "odd": TEXT,
    **{recipe.name: recipe.text for recipe in recipes()},
}


@pytest.mark.parametrize("name", FILES)
def test_each_key_has_the_line_that_the_parser_gives_it(name: str) -> None:
    text = FILES[name]
    positions, lines = ParsedPositions(text), key_lines(text)
    assert lines.keys() <= set(positions)
    assert lines == {steps: positions[steps].line for steps in lines}


def paths(text: str) -> list[str]:
    """Return the key path, as audits record it, of each rule in a rules file."""
    rules = tomllib.loads(text)
    found = [
        f"defaults.{key}" for key in ("threshold", "review", "max_tags", "deny", "allow") if key in defaults(rules)
    ]
    blocks = [("", rules)] + [
        (f'when[{i}] "{block["name"]}".' if block.get("name") else f"when[{i}].", block)
        for i, block in enumerate(rules.get("when", []), 1)
    ]
    for begin, block in blocks:
        for label, rule in block.get("labels", {}).items():
            found += [f'{begin}labels."{label}".{key}' for key in ("threshold", "parents") if key in rule]
        found += [f"{begin}set.{key}" for key in ("threshold", "review", "max_tags") if key in block.get("set", {})]
        found += [f"{begin}{key}" for key in ("add", "skip") if key in block and begin]
    return found


def defaults(rules: dict[str, object]) -> dict[str, object]:
    """Return the table of defaults."""
    found = rules.get("defaults", {})
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", sorted(set(FILES) - {"odd"}))
def test_each_rule_of_a_file_is_found_by_its_key_path(name: str) -> None:
    text = FILES[name]
    positions = ParsedPositions(text)
    for path in paths(text):
        place = parse_rule_path(path)
        assert place is not None and rule_line(text, path) == positions[place.steps].line, path


def test_the_files_have_rules_of_every_kind() -> None:
    places = [
        place for text in FILES.values() if text != TEXT for path in paths(text) if (place := parse_rule_path(path))
    ]
    assert {place.key for place in places} == {
        *("threshold", "review", "max_tags", "deny", "allow", "parents", "add", "skip"),
    }
    assert {bool(place.block) for place in places if place.label} == {True, False}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ('labels."Electric Guitar".threshold', 5),
        ('labels."Electric Guitar".parents', 4),
        ("defaults.threshold", 2),
        ("defaults.review", 1),
        ('when[1] "a"b".set.threshold', 8),
        ('when[1] "a"b".labels."C.D".threshold', 9),
        ("when[1].add", 6),
        ("when[3].skip", None),
        ("no key path", None),
    ],
)
def test_a_key_that_is_not_written_has_the_line_of_its_table(path: str, line: int | None) -> None:
    text = (
        "[defaults]\nthreshold = 0.7\n\n"
        '[labels."Electric Guitar"]\nthreshold = 0.6\n'
        '[[when]]\nname = \'a"b\'\nset = { threshold = 0.5 }\nlabels."C.D" . threshold = 0.4\n'
    )
    assert rule_line(text, path) == line


@given(lines=st.lists(LINES, max_size=6), end=st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_a_line_is_that_of_the_parser_however_toml_lets_it_be_written(lines: list[str], end: str) -> None:
    text = end.join(lines)
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)
    positions, found = ParsedPositions(text), key_lines(text)
    assert found == {steps: positions[steps].line for steps in found}
    assert {steps[:1] for steps in positions} == {steps[:1] for steps in found}
