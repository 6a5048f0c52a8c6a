"""The line of a rule in the text of a rules file, for functions that have no parser with positions."""

import re
import tomllib
from collections.abc import Iterator, Mapping

from autotag.domain.sentences.rule_path import parse_rule_path

Steps = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'""")
_DOT = re.compile(r"[ \t]*+\.[ \t]*+")
_TOKEN = re.compile(
    r"""\"{3}(?:[^"\\]|\\.|"(?!""))*+"{3,5}|'{3}(?:[^']|'(?!''))*+'{3,5}|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'"""
    r"""|#[^\n]*|[\[{]|[\]}]|\n|[^"'#\[\]{}\n]++""",
    re.DOTALL,
)
"""A piece of a value. Source: TOML 1.0, strings and arrays; a multi-line string may end with two more quotes."""


def rule_line(text: str, path: str) -> int | None:
    """Return the line of the rule at the key path ``path`` in ``text``, which is valid TOML; see ``line_in``."""
    return line_in(key_lines(text), path)


def line_in(lines: Mapping[Steps, int], path: str) -> int | None:
    """Return the line (from 1) of the rule at the key path ``path``; ``lines`` are those of ``key_lines``.

    If the key is not written there, the line of the nearest table around it; None if there is none, if there are fewer
    blocks, or if ``path`` is not a key path. A key in an inline table or a list has the line where its value begins.
    """
    place = parse_rule_path(path)
    if place is None:
        return None
    steps = place.steps
    if ("when", 0) in lines and place.block and steps[:2] not in lines:
        return None
    while steps and steps not in lines:
        steps = steps[:-1]
    return lines.get(steps)


def key_lines(text: str) -> dict[Steps, int]:
    """Return the line (from 1) at which each table and each key of ``text``, which is valid TOML, first stands."""
    lines: dict[Steps, int] = {}
    blocks: dict[Steps, int] = {}
    table: Steps = ()
    line, counted = 1, 0
    for at, header, keys in _statements(text.removeprefix("\ufeff")):
        line, counted = line + text.count("\n", counted, at), at
        steps = () if header else table
        for i, key in enumerate(keys):
            steps = (*steps, key)
            lines.setdefault(steps, line)
            last = i == len(keys) - 1
            if header == "[[" and last:
                blocks[steps] = blocks.get(steps, -1) + 1
            if header and steps in blocks and (header == "[[" or not last):
                steps = (*steps, blocks[steps])
                lines.setdefault(steps, line)
        table = steps if header else table
    return lines


def _statements(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield the offset of each statement, its bracket (``[`` or ``[[``, "" for a pair) and the parts of its key."""
    at = _end(_BLANK, text, 0)
    while at < len(text):
        start = at
        header = "[[" if text.startswith("[[", at) else "[" if text[at] == "[" else ""
        at = _end(_BLANK, text, at + len(header))
        keys = []
        while (match := _KEY.match(text, at)) is not None:
            keys.append(_name(match[0]))
            at = _end(_DOT, text, match.end())
            if at == match.end():
                break
        yield start, header, keys
        at = _end(_BLANK, text, _after_value(text, at, nested=len(header)))


def _after_value(text: str, at: int, *, nested: int) -> int:
    """Return the offset of the line break after the statement; ``nested`` brackets are open at ``at``."""
    while (match := _TOKEN.match(text, at)) is not None:
        if match[0] == "\n" and nested <= 0:
            return at
        nested += (match[0] in "[{") - (match[0] in "]}")
        at = match.end()
    return len(text)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return at if match is None else match.end()


def _name(written: str) -> str:
    return next(iter(tomllib.loads(f"{written} = 0"))) if written[0] in "\"'" else written
