"""The comparisons of a search expression, as tests of assets."""

import operator
import re
from collections.abc import Callable
from typing import NamedTuple

from simulator.assets.assets import Asset
from simulator.core.errors import ApiError
from simulator.core.time_parsing import DAY_SECONDS, age_seconds, is_date, parse_time
from simulator.search.fields import DEFAULT_FIELDS, FIELDS, Field, contains_phrase, field_of, is_equal, is_within

AssetTest = Callable[[Asset], bool]
_COMPARISONS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
_SIZE = re.compile(r"(-?\d{1,15}(?:\.\d{1,15})?)\s*(kb|mb|gb)?", re.IGNORECASE)
_UNITS = {"": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_RATIO = re.compile(r"(\d{1,9}):(\d{1,9})")


class Term(NamedTuple):
    """A search term; ``prefix`` is true if it ended in a wildcard, which ``text`` does not hold."""

    text: str
    prefix: bool = False


class Range(NamedTuple):
    """From ``low`` to ``high``, None for an open end. The ends themselves may be included or not."""

    low: Term | None
    high: Term | None
    includes_low: bool
    includes_high: bool


def any_text_test(term: Term) -> AssetTest:
    """Return a test whether any of the texts of an asset contains ``term``."""
    tests = [_text_test(FIELDS[name], ":", term) for name in DEFAULT_FIELDS]
    return lambda asset: any(test(asset) for test in tests)


def field_test(name: str, sign: str, expected: Term | Range, now: float) -> AssetTest:
    """Return a test of field ``name`` by ``sign``, one of ``: = > >= < <=``. Raises ``ApiError`` 400.

    An unknown field matches nothing. Ages count back from ``now`` (unix seconds).
    """
    field = field_of(name)
    if field is None:
        return lambda asset: False
    if isinstance(expected, Range):
        return _range_test(name, field, expected, now)
    if field.kind in ("text", "folder"):
        if sign in _COMPARISONS:
            raise ApiError(400, f"Invalid expression - {name} cannot be compared by {sign}")
        return _text_test(field, sign, expected)
    if expected == Term("", prefix=True):
        return lambda asset: bool(field.values(asset))
    number = _number(name, field, expected, now)
    if sign in _COMPARISONS:
        return _any(field, lambda value: _COMPARISONS[sign](value, number))
    if field.kind == "time" and is_date(expected.text):
        return _any(field, lambda value: number <= value < number + DAY_SECONDS)
    return _any(field, lambda value: value == number)


def _text_test(field: Field, sign: str, term: Term) -> AssetTest:
    match = is_within if field.kind == "folder" else contains_phrase if sign == ":" else is_equal
    return lambda asset: any(match(str(value), term.text, term.prefix) for value in field.values(asset))


def _range_test(name: str, field: Field, expected: Range, now: float) -> AssetTest:
    if field.kind in ("text", "folder"):
        raise ApiError(400, f"Invalid expression - {name} has no ranges")
    tests: list[Callable[[float], bool]] = []
    if expected.low is not None:
        low, above = _number(name, field, expected.low, now), operator.ge if expected.includes_low else operator.gt
        tests.append(lambda value: above(value, low))
    if expected.high is not None:
        high, below = _number(name, field, expected.high, now), operator.le if expected.includes_high else operator.lt
        tests.append(lambda value: below(value, high))
    return _any(field, lambda value: all(test(value) for test in tests))


def _any(field: Field, test: Callable[[float], bool]) -> AssetTest:
    return lambda asset: any(test(float(value)) for value in field.values(asset))


def _number(name: str, field: Field, term: Term, now: float) -> float:
    value = _unix_seconds(term.text, now) if field.kind == "time" else _size(term.text)
    if value is None or term.prefix:
        raise ApiError(400, f"Invalid expression - {term.text or '*'} is not a value of {name}")
    return value


def _unix_seconds(text: str, now: float) -> float | None:
    age = age_seconds(text)
    return parse_time(text) if age is None else now - age


def _size(text: str) -> float | None:
    ratio = _RATIO.fullmatch(text)
    if ratio is not None and int(ratio[2]):
        return round(int(ratio[1]) / int(ratio[2]), 5)
    size = _SIZE.fullmatch(text)
    return float(size[1]) * _UNITS[(size[2] or "").lower()] if size else None
