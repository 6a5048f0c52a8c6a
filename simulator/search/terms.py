"""The comparisons of a search expression, as tests of assets."""

import operator
import re
from collections.abc import Callable
from typing import NamedTuple

from simulator.assets.assets import Asset
from simulator.core.errors import ApiError
from simulator.core.time_parsing import DAY_SECONDS, age_seconds, is_date, parse_time
from simulator.search.fields import EVERYWHERE, FIELDS, Field, field_of, has_words, is_equal, is_within

Test = Callable[[Asset], bool]
_ORDER = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
_SIZE = re.compile(r"(-?\d{1,15}(?:\.\d{1,15})?)\s*(kb|mb|gb)?", re.IGNORECASE)
_UNITS = {"": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_RATIO = re.compile(r"(\d{1,9}):(\d{1,9})")


class Term(NamedTuple):
    """A search term; ``prefix`` is true if it ended in a wildcard, which ``text`` does not hold."""

    text: str
    prefix: bool = False


class Range(NamedTuple):
    """From ``low`` to ``high``, None for an open end; ``low_in`` and ``high_in`` say whether the ends are included."""

    low: Term | None
    high: Term | None
    low_in: bool
    high_in: bool


def anywhere(term: Term) -> Test:
    """Return a test whether any of the texts of an asset contains ``term``."""
    tests = [_text_test(FIELDS[name], ":", term) for name in EVERYWHERE]
    return lambda asset: any(test(asset) for test in tests)


def comparison(name: str, sign: str, wanted: Term | Range, now: float) -> Test:
    """Return a test of field ``name`` by ``sign``, one of ``: = > >= < <=``. Raises ``ApiError`` 400.

    An unknown field matches nothing. Ages count back from ``now`` (unix seconds).
    """
    field = field_of(name)
    if field is None:
        return lambda asset: False
    if isinstance(wanted, Range):
        return _range_test(name, field, wanted, now)
    if field.kind in ("text", "folder"):
        if sign in _ORDER:
            raise ApiError(400, f"Invalid expression - {name} cannot be compared by {sign}")
        return _text_test(field, sign, wanted)
    if wanted == Term("", prefix=True):
        return lambda asset: bool(field.values(asset))
    number = _number(name, field, wanted, now)
    if sign in _ORDER:
        return _any(field, lambda value: _ORDER[sign](value, number))
    if field.kind == "moment" and is_date(wanted.text):
        return _any(field, lambda value: number <= value < number + DAY_SECONDS)
    return _any(field, lambda value: value == number)


def _text_test(field: Field, sign: str, term: Term) -> Test:
    match = is_within if field.kind == "folder" else has_words if sign == ":" else is_equal
    return lambda asset: any(match(str(value), term.text, term.prefix) for value in field.values(asset))


def _range_test(name: str, field: Field, wanted: Range, now: float) -> Test:
    if field.kind in ("text", "folder"):
        raise ApiError(400, f"Invalid expression - {name} has no ranges")
    tests: list[Callable[[float], bool]] = []
    if wanted.low is not None:
        low, above = _number(name, field, wanted.low, now), operator.ge if wanted.low_in else operator.gt
        tests.append(lambda value: above(value, low))
    if wanted.high is not None:
        high, below = _number(name, field, wanted.high, now), operator.le if wanted.high_in else operator.lt
        tests.append(lambda value: below(value, high))
    return _any(field, lambda value: all(test(value) for test in tests))


def _any(field: Field, test: Callable[[float], bool]) -> Test:
    return lambda asset: any(test(float(value)) for value in field.values(asset))


def _number(name: str, field: Field, term: Term, now: float) -> float:
    found = _moment(term.text, now) if field.kind == "moment" else _size(term.text)
    if found is None or term.prefix:
        raise ApiError(400, f"Invalid expression - {term.text or '*'} is not a value of {name}")
    return found


def _moment(text: str, now: float) -> float | None:
    age = age_seconds(text)
    return parse_time(text) if age is None else now - age


def _size(text: str) -> float | None:
    ratio = _RATIO.fullmatch(text)
    if ratio is not None and int(ratio[2]):
        return round(int(ratio[1]) / int(ratio[2]), 5)
    size = _SIZE.fullmatch(text)
    return float(size[1]) * _UNITS[(size[2] or "").lower()] if size else None
