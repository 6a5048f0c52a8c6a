"""DynamoDB's update expressions, as functions that change an item.

Source: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from bench.load.simulated.dynamodb.expression_parts import Item, Operand, Tokens, Value, found_at, operand, path_of

_WORDS = ("SET", "REMOVE", "ADD", "DELETE")
Names = Mapping[str, str]
Values = Mapping[str, Value]
Update = Callable[[Item, Values, Names], None]


@lru_cache(maxsize=1000)
def update(text: str) -> Update:
    """Return the function of an update. It changes its item in place: pass a copy."""
    tokens, steps = Tokens(text), list[Update]()
    while tokens.next:
        step = {"SET": _set, "REMOVE": _remove, "ADD": _add, "DELETE": _delete}[tokens.take(*_WORDS).upper()]
        steps.append(step(tokens))
        while tokens.next == ",":
            tokens.take()
            steps.append(step(tokens))

    def run(item: Item, values: Values, names: Names) -> None:
        before = item.copy()
        for step in steps:
            step(item, _Before(values, before), names)

    return run


class _Before(dict[str, Value]):
    """The values of an update, and the item as it was: what is assigned is computed from that."""

    def __init__(self, values: Values, item: Item) -> None:
        super().__init__(values)
        self.item = item


def _set(tokens: Tokens) -> Update:
    path = path_of(tokens)
    tokens.take("=")
    value = _assigned(tokens)

    def step(item: Item, values: Values, names: Names) -> None:
        assert isinstance(values, _Before)
        found = value(values.item, values, names)
        if found is None:
            raise ValueError("a path that is assigned from does not exist")
        _put(item, path, names, found)

    return step


def _assigned(tokens: Tokens) -> Operand:
    left = _function(tokens)
    if tokens.next not in ("+", "-"):
        return left
    sign = 1 if tokens.take() == "+" else -1
    right = _function(tokens)
    return lambda *of: _sum(left(*of), right(*of), sign)


def _function(tokens: Tokens) -> Operand:
    if tokens.next not in ("list_append", "if_not_exists"):
        return operand(tokens)
    name = tokens.take()
    tokens.take("(")
    first = _function(tokens)
    tokens.take(",")
    second = _function(tokens)
    tokens.take(")")
    if name == "if_not_exists":
        return lambda *of: found if (found := first(*of)) is not None else second(*of)
    return lambda *of: {"L": [*_listed(first(*of)), *_listed(second(*of))]}


def _listed(value: Value | None) -> list[Value]:
    return [] if value is None else list(value["L"])


def _sum(left: Value | None, right: Value | None, sign: int = 1) -> Value:
    first, second = (int(value["N"]) if value else 0 for value in (left, right))
    return {"N": str(first + sign * second)}


def _remove(tokens: Tokens) -> Update:
    path = path_of(tokens)
    return lambda item, values, names: _put(item, path, names, None)


def _add(tokens: Tokens) -> Update:
    path, value = path_of(tokens), operand(tokens)

    def step(item: Item, values: Values, names: Names) -> None:
        known, more = found_at(item, path, names), value(item, values, names)
        assert more is not None
        ((kind, content),) = more.items()
        if kind == "N":
            _put(item, path, names, _sum(known, more))
        else:
            _put(item, path, names, {kind: sorted({*(known or {kind: []})[kind], *content})})

    return step


def _delete(tokens: Tokens) -> Update:
    path, value = path_of(tokens), operand(tokens)

    def step(item: Item, values: Values, names: Names) -> None:
        known, less = found_at(item, path, names), value(item, values, names)
        assert less is not None
        ((kind, content),) = less.items()
        if known is not None:
            left = [each for each in known[kind] if each not in content]
            _put(item, path, names, {kind: left} if left else None)  # a set is never empty

    return step


def _put(item: Item, path: list[str], names: Names, value: Value | None) -> None:
    """Store or remove (None) a value at a path. The maps and lists on the way are copied: a stored item has them."""
    held: Any = item
    keys: list[Any] = [names[part] if part.startswith("#") else part for part in path]
    for key in keys[:-1]:
        ((kind, content),) = held[key].items()
        held[key] = {kind: content.copy()}
        held = held[key][kind]
    last = int(keys[-1]) if isinstance(held, list) else keys[-1]
    if value is not None:
        held[last] = value
    elif isinstance(held, dict):
        held.pop(last, None)
    elif last < len(held):
        del held[last]
