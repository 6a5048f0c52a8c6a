"""The comparisons of a search expression, as tests of what is searched: assets or folders."""

import operator
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from simulator.core.errors import ApiError
from simulator.core.time_parsing import DAY_SECONDS, age_seconds, is_date, parse_time
from simulator.search.fields import Field, Fields, contains_phrase, is_equal, is_within

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


def any_text_test[T](fields: Fields[T], term: Term) -> Callable[[T], bool]:
    """Return a test whether any of the texts of an entry contains ``term``."""
    tests = [_text_test(field, ":", term) for field in fields.defaults]
    return lambda entry: any(test(entry) for test in tests)


def field_test[T](name: str, field: Field[T], sign: str, expected: Term | Range, now: float) -> Callable[[T], bool]:
    """Return a test of ``field`` by ``sign``, one of ``: = > >= < <=``. Raises ``ApiError`` 400 about ``name``.

    Ages count back from ``now`` (unix seconds).
    """
    if isinstance(expected, Range):
        return _range_test(name, field, expected, now)
    if field.kind in ("text", "folder"):
        if sign in _COMPARISONS:
            raise ApiError(400, f"Invalid expression - {name} cannot be compared by {sign}")
        return _text_test(field, sign, expected)
    if expected == Term("", prefix=True):
        return lambda entry: bool(field.values(entry))
    number = _number(name, field, expected, now)
    if sign in _COMPARISONS:
        return _any(field, lambda value: _COMPARISONS[sign](value, number))
    if field.kind == "time" and is_date(expected.text):
        return _any(field, lambda value: number <= value < number + DAY_SECONDS)
    return _any(field, lambda value: value == number)


def _text_test[T](field: Field[T], sign: str, term: Term) -> Callable[[T], bool]:
    match = is_within if field.kind == "folder" else contains_phrase if sign == ":" else is_equal
    return lambda entry: any(match(str(value), term.text, term.prefix) for value in field.values(entry))


def _range_test[T](name: str, field: Field[T], expected: Range, now: float) -> Callable[[T], bool]:
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


def _any[T](field: Field[T], test: Callable[[float], bool]) -> Callable[[T], bool]:
    return lambda entry: any(test(float(value)) for value in field.values(entry))


def _number(name: str, field: Field[Any], term: Term, now: float) -> float:
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
