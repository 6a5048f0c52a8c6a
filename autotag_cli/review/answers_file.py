"""Answers in a file: one per line, as JSON or as asset, tag and verdict separated by tabs."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from autotag.domain.model.conversion import convert
from autotag.domain.model.labels import label_key
from autotag.domain.model.strict_json import decode as decode_json
from autotag.service.review.requests import Choice

_COLUMNS = ("asset", "tag", "verdict")


class Answers(NamedTuple):
    """The answers of a file, and a sentence for each line that is not valid."""

    choices: tuple[Choice, ...]
    errors: tuple[str, ...]


def read_answers(data: bytes, title: str) -> Answers:
    """Return the answers in ``data``; empty lines are ignored. ``title`` names the file in error sentences."""
    choices: dict[tuple[str, str], tuple[int, Choice]] = {}
    errors: list[str] = []
    for number, line in _lines(data):
        try:
            choice = _choice(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:  # a line of columns may not be UTF-8
            errors.append(f"{title}, line {number}: {error}, expected {_FORM}")
            continue
        first, earlier = choices.setdefault((choice.asset, label_key(choice.tag)), (number, choice))
        if (earlier.verdict, earlier.of) != (choice.verdict, choice.of):
            errors.append(
                f"{title}, line {number}: {choice.verdict}, but line {first} says {earlier.verdict} for the same tag"
            )
    return Answers(tuple(choice for _, choice in choices.values()), tuple(errors))


_FORM = (
    '{"asset": …, "tag": …, "verdict": "accept", "reject" or "clear"}, or these three separated by tabs, '
    'or {"asset": …, "tag": …, "verdict": "undo", "of": the audit_id}'
)


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        bare = line.rstrip(b"\r")
        if bare.strip():
            yield number, bare


def _choice(line: bytes) -> Choice:
    """Return the answer in one line; raises ``DecodeError`` or ``UnicodeDecodeError``."""
    if line.lstrip().startswith(b"{"):
        return decode_json(line, Choice)
    columns = line.decode("utf-8").split("\t")
    if len(columns) != len(_COLUMNS):
        raise msgspec.DecodeError(f"{len(columns)} columns")
    return convert(dict(zip(_COLUMNS, map(str.strip, columns), strict=True)), Choice)
