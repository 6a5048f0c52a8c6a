"""The types of the schema, from ``msgspec.inspect``: without their wrappers, and which values they allow."""

import re
from typing import Any

from msgspec import inspect


class SchemaType:
    """A type of the schema without its wrappers.

    ``expected`` is the text in the schema that says which values it allows, or "". ``examples`` are such values.
    ``alone``: where the type is a list, one of its items may stand without one.
    """

    __slots__ = ("alone", "examples", "expected", "type")

    def __init__(self, type_: inspect.Type) -> None:
        self.expected: str = ""
        self.examples: list[Any] = []
        self.alone = False
        while isinstance(type_, inspect.Metadata | inspect.UnionType):
            if isinstance(type_, inspect.Metadata):
                self.expected = self.expected or (type_.extra or {}).get("expected", "")
                self.examples = self.examples or (type_.extra_json_schema or {}).get("examples", [])
                type_ = type_.type
            else:  # "or None": TOML has no null, so a key is left out instead
                *one, type_ = sorted(type_.types, key=_rank)
                self.alone = any(not isinstance(inner, inspect.NoneType) for inner in one)
        self.type = type_


def _rank(type_: inspect.Type) -> int:
    """Return what orders the types of a union: a list stands for what it is a list of, too."""
    if isinstance(type_, inspect.NoneType):
        return 0
    return 2 if isinstance(SchemaType(type_).type, inspect.VarTupleType) else 1


def matches(value: object, leaf: inspect.Type) -> bool:
    """Return whether a scalar value is one that its type allows."""
    match leaf, value:
        case _, bool():
            return isinstance(leaf, inspect.BoolType)
        case inspect.FloatType(ge=low, le=high), int() | float():
            return (low is None or value >= low) and (high is None or value <= high)
        case inspect.IntType(ge=low, le=high), int():
            return (low is None or value >= low) and (high is None or value <= high)
        case inspect.LiteralType(values=values), str():
            return value in values
        case inspect.StrType(min_length=shortest, max_length=longest, pattern=pattern), str():
            in_bounds = (shortest or 0) <= len(value) and (longest is None or len(value) <= longest)
            return in_bounds and (pattern is None or re.search(pattern, value) is not None)
        case _:
            return False
