"""DynamoDB's conditions, filters and key conditions, as functions on items.

Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html. Only what the
service uses is understood; anything else is an error, so that a new expression is noticed.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from bench.load.simulated.dynamodb.expression_parts import (
    Item,
    Operand,
    Tokens,
    Value,
    comparable,
    found_at,
    operand,
    path_of,
)

Condition = Callable[[Item, Mapping[str, Value], Mapping[str, str]], bool]

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@lru_cache(maxsize=1000)
def condition(text: str) -> Condition:
    """Return the function of a condition."""
    tokens = Tokens(text)
    parsed = _either(tokens)
    if tokens.next:
        raise ValueError(f"cannot read {tokens.next!r} in {text!r}")
    return parsed


def _either(tokens: Tokens) -> Condition:
    parts = [_all(tokens)]
    while tokens.next.upper() == "OR":
        tokens.take()
        parts.append(_all(tokens))
    return parts[0] if len(parts) == 1 else lambda *of: any(part(*of) for part in parts)


def _all(tokens: Tokens) -> Condition:
    parts = [_one(tokens)]
    while tokens.next.upper() == "AND":
        tokens.take()
        parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else lambda *of: all(part(*of) for part in parts)


def _one(tokens: Tokens) -> Condition:
    if tokens.next.upper() == "NOT":
        tokens.take()
        denied = _one(tokens)
        return lambda *of: not denied(*of)
    if tokens.next == "(":
        tokens.take()
        inner = _either(tokens)
        tokens.take(")")
        return inner
    if tokens.next in ("attribute_exists", "attribute_not_exists"):
        wanted = tokens.take() == "attribute_exists"
        tokens.take("(")
        path = path_of(tokens)
        tokens.take(")")
        return lambda item, values, names: (found_at(item, path, names) is not None) == wanted
    if tokens.next in ("begins_with", "contains"):
        name = tokens.take()
        tokens.take("(")
        whole = operand(tokens)
        tokens.take(",")
        part = operand(tokens)
        tokens.take(")")
        return _begins_with(whole, part) if name == "begins_with" else _contains(whole, part)
    return _compared(operand(tokens), tokens)


def _compared(left: Operand, tokens: Tokens) -> Condition:
    word = tokens.take(*_COMPARED, "IN", "BETWEEN").upper()
    if word == "BETWEEN":
        low = operand(tokens)
        tokens.take("AND")
        high = operand(tokens)
        return lambda *of: _holds("<=", low(*of), left(*of)) and _holds("<=", left(*of), high(*of))
    if word == "IN":
        tokens.take("(")
        several = [operand(tokens)]
        while tokens.take(",", ")") == ",":
            several.append(operand(tokens))
        return lambda *of: any(_holds("=", left(*of), each(*of)) for each in several)
    right = operand(tokens)
    return lambda *of: _holds(word, left(*of), right(*of))


def _holds(word: str, left: Value | None, right: Value | None) -> bool:
    if left is None or right is None:
        return word == "<>"
    if word in ("=", "<>") and ("N" not in left or "N" not in right):
        return _COMPARED[word](left, right)
    (left_kind, left_content), (right_kind, right_content) = comparable(left), comparable(right)
    return left_kind == right_kind and _COMPARED[word](left_content, right_content)


def _begins_with(whole: Operand, part: Operand) -> Condition:
    def holds(item: Item, values: Mapping[str, Value], names: Mapping[str, str]) -> bool:
        found, begin = whole(item, values, names), part(item, values, names)
        return bool(found and begin and found.get("S", "").startswith(begin["S"]))

    return holds


def _contains(whole: Operand, part: Operand) -> Condition:
    def holds(item: Item, values: Mapping[str, Value], names: Mapping[str, str]) -> bool:
        found, wanted = whole(item, values, names), part(item, values, names)
        if found is None or wanted is None:
            return False
        ((_, content),) = wanted.items()
        held = found.get("SS") or found.get("S") or found.get("NS") or found.get("L") or ""
        return (wanted if "L" in found else content) in held

    return holds
