"""The parts of DynamoDB's expressions: tokens, paths, values of items in its JSON form."""

import re
from collections.abc import Callable, Mapping
from typing import Any

Value = dict[str, Any]
Item = dict[str, Value]
Operand = Callable[[Item, Mapping[str, Value], Mapping[str, str]], Value | None]

_TOKENS = re.compile(r"\s*(<>|<=|>=|[=<>(),.+\-]|\[\d+\]|[#:]?[A-Za-z_][A-Za-z0-9_]*)")


class Tokens:
    """The tokens of an expression, read from the left."""

    def __init__(self, text: str) -> None:
        self._tokens, at = list[str](), 0
        while text[at:].strip():
            found = _TOKENS.match(text, at)
            if found is None:
                raise ValueError(f"cannot read {text[at:]!r}")
            self._tokens.append(found[1])
            at = found.end()
        self._tokens.reverse()

    @property
    def next(self) -> str:
        """The next token, or ""."""
        return self._tokens[-1] if self._tokens else ""

    def take(self, *expected: str) -> str:
        """Take the next token, which must be one of ``expected`` if any are named."""
        if not self._tokens or (expected and self._tokens[-1].upper() not in expected):
            raise ValueError(f"found {self.next!r}, expected {' or '.join(expected) or 'more'}")
        return self._tokens.pop()


def comparable(value: Value) -> tuple[str, Any]:
    """Return what orders a value among others of its type: numbers by their size, texts and bytes as they are."""
    ((kind, content),) = value.items()
    return kind, (float(content) if kind == "N" else content)


def path_of(tokens: Tokens) -> list[str]:
    """Take a path such as ``outbox.#segment`` or ``ids[50]``."""
    path = [tokens.take()]
    while tokens.next == "." or tokens.next.startswith("["):
        path.append(tokens.take().strip("[]") if tokens.next.startswith("[") else (tokens.take(), tokens.take())[1])
    return path


def found_at(item: Item, path: list[str], names: Mapping[str, str]) -> Value | None:
    """Return the value at a path, or None."""
    value: Value | None = {"M": item}
    for part in path:
        if value is None:
            return None
        held = value.get("M")
        if held is not None:
            value = held.get(names[part] if part.startswith("#") else part)
        else:
            listed = value.get("L", [])
            value = listed[int(part)] if part.isdigit() and int(part) < len(listed) else None
    return value


def operand(tokens: Tokens) -> Operand:
    """Take a value, a path or the size of one."""
    if tokens.next == "size":
        tokens.take()
        tokens.take("(")
        measured = operand(tokens)
        tokens.take(")")
        return lambda *of: _size(measured(*of))
    if tokens.next.startswith(":"):
        name = tokens.take()
        return lambda item, values, names: values[name]
    path = path_of(tokens)
    if len(path) == 1 and not path[0].startswith("#"):
        return lambda item, values, names: item.get(path[0])
    return lambda item, values, names: found_at(item, path, names)


def _size(value: Value | None) -> Value | None:
    if value is None:
        return None
    ((_, content),) = value.items()
    return {"N": str(len(content))}
