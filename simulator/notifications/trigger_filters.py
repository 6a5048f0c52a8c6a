"""Filters of triggers: the part of JsonLogic that a filter on a notification needs."""

import operator
from collections.abc import Callable
from typing import Any

OPERATORS = ("var", "and", "or", "!", "!!", "==", "===", "!=", "!==", "<", "<=", ">", ">=", "in", "some")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def fault_of(rule: Any) -> str | None:
    """Return the error of a filter, in one sentence, or None if it can be evaluated."""
    if isinstance(rule, list):
        return next(filter(None, map(fault_of, rule)), None)
    if not isinstance(rule, dict):
        return None
    if len(rule) != 1:
        return "Invalid filter - a jsonlogic rule is an object with one operator"
    [(name, arguments)] = rule.items()
    if name not in OPERATORS:
        return f"Invalid filter - this simulator evaluates {', '.join(OPERATORS)}, not {name}"
    given = arguments if isinstance(arguments, list) else [arguments]
    if name in ("==", "===", "!=", "!==", "in", "some", *_COMPARISONS) and len(given) != 2:
        return f"Invalid filter - {name} takes two values, not {len(given)}"
    return fault_of(given)


def holds(rule: Any, data: Any) -> bool:
    """Return whether the valid filter ``rule`` is true of ``data``."""
    return bool(_value(rule, data))


def _value(rule: Any, data: Any) -> Any:
    if isinstance(rule, list):
        return [_value(entry, data) for entry in rule]
    if not isinstance(rule, dict):
        return rule
    [(name, arguments)] = rule.items()
    given = arguments if isinstance(arguments, list) else [arguments]
    if name == "var":
        return _variable(given, data)
    if name == "some":
        entries = _value(given[0], data)
        return isinstance(entries, list) and any(holds(given[1], entry) for entry in entries)
    return _operation(name, [_value(entry, data) for entry in given])


def _operation(name: str, values: list[Any]) -> Any:
    if name == "and":
        return next((value for value in values if not bool(value)), values[-1] if values else None)
    if name == "or":
        return next((value for value in values if bool(value)), values[-1] if values else None)
    if name in ("!", "!!"):
        return bool(values[0] if values else None) == (name == "!!")
    first, second = values
    if name == "in":
        return _within(first, second)
    if name in _COMPARISONS:
        return _compared(_COMPARISONS[name], first, second)
    same = _same(first, second) if name in ("==", "!=") else type(first) is type(second) and first == second
    return same == (name in ("==", "==="))


def _variable(given: list[Any], data: Any) -> Any:
    """Return the value at a dotted path, ``""`` for all data; a second argument is the default for a missing value."""
    for step in filter(None, str(given[0] if given and given[0] is not None else "").split(".")):
        if isinstance(data, dict) and step in data:
            data = data[step]
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return given[1] if len(given) > 1 else None
    return data


def _within(first: Any, second: Any) -> bool:
    if isinstance(second, str):
        return isinstance(first, str) and first in second
    return isinstance(second, list) and first in second


def _same(first: Any, second: Any) -> bool:
    """Compare as JavaScript's ``==`` does, where a number equals its text."""
    if isinstance(first, str) != isinstance(second, str):
        numbers = _number(first), _number(second)
        return None not in numbers and numbers[0] == numbers[1]
    return bool(first == second)


def _compared(compare: Callable[[Any, Any], bool], first: Any, second: Any) -> bool:
    if isinstance(first, str) and isinstance(second, str):
        return compare(first, second)
    numbers = _number(first), _number(second)
    return None not in numbers and compare(*numbers)


def _number(value: Any) -> float | None:
    if not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
