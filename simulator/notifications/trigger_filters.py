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


def filter_error(rule: Any) -> str | None:
    """Return what is wrong with a filter, in one sentence, or None if it can be evaluated."""
    if isinstance(rule, list):
        return next(filter(None, map(filter_error, rule)), None)
    if not isinstance(rule, dict):
        return None
    if len(rule) != 1:
        return "Invalid filter - a jsonlogic rule is an object with one operator"
    [(name, arguments)] = rule.items()
    if name not in OPERATORS:
        return f"Invalid filter - this simulator evaluates {', '.join(OPERATORS)}, not {name}"
    operands = arguments if isinstance(arguments, list) else [arguments]
    if name in ("==", "===", "!=", "!==", "in", "some", *_COMPARISONS) and len(operands) != 2:
        return f"Invalid filter - {name} takes two values, not {len(operands)}"
    return filter_error(operands)


def accepts(rule: Any, data: Any) -> bool:
    """Return whether the valid filter ``rule`` is true of ``data``."""
    return bool(_value(rule, data))


def _value(rule: Any, data: Any) -> Any:
    if isinstance(rule, list):
        return [_value(entry, data) for entry in rule]
    if not isinstance(rule, dict):
        return rule
    [(name, arguments)] = rule.items()
    operands = arguments if isinstance(arguments, list) else [arguments]
    if name == "var":
        return _variable(operands, data)
    if name == "some":
        entries = _value(operands[0], data)
        return isinstance(entries, list) and any(accepts(operands[1], entry) for entry in entries)
    return _operation(name, [_value(entry, data) for entry in operands])


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
        return _compare(_COMPARISONS[name], first, second)
    same = _same(first, second) if name in ("==", "!=") else type(first) is type(second) and first == second
    return same == (name in ("==", "==="))


def _variable(operands: list[Any], data: Any) -> Any:
    """Return the value at a dotted path, ``""`` for all data; a second argument is the default for a missing value."""
    for step in filter(None, str(operands[0] if operands and operands[0] is not None else "").split(".")):
        if isinstance(data, dict) and step in data:
            data = data[step]
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return operands[1] if len(operands) > 1 else None
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


def _compare(compare: Callable[[Any, Any], bool], first: Any, second: Any) -> bool:
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
