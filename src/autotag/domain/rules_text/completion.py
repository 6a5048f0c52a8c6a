"""What can be typed at a place of a rules file: keys and values from the types of the schema, and names of labels."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import inspect

from autotag.domain.model.conversion import type_info
from autotag.domain.model.labels import label_key
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.schema_values import CategoryName, LabelName
from autotag.domain.rules.validation.messages import toml
from autotag.domain.rules.validation.schema_types import SchemaType
from autotag.domain.rules_text.caret import Caret, Steps, caret_at
from autotag.domain.rules_text.settings import quoted, toml_text

MOST = 20
"""Options at a place at most."""

_LABEL, _CATEGORY = (SchemaType(type_info(each)).expected for each in (LabelName, CategoryName))

Names = Mapping[str, Iterable[str]]
"""The names that are known, by what the schema says of the places where they can stand."""


class Option(NamedTuple):
    """Something that can stand at a place: ``name`` in a list, ``insert`` in the text, ``about`` in a sentence."""

    name: str
    insert: str
    about: str = ""


class Offer(NamedTuple):
    """What can be typed: an option takes the place of ``typed`` before the caret and of ``rest`` behind it."""

    typed: str = ""
    rest: str = ""
    options: tuple[Option, ...] = ()


def complete(before: str, after: str, labels: Iterable[str] = (), categories: Iterable[str] = ()) -> Offer:
    """Return what can be typed between ``before`` and ``after`` in a rules file, which may be unfinished.

    ``labels`` and ``categories`` are the names that are known. Where nothing is known to fit, there are no options.
    """
    known = {_LABEL: labels, _CATEGORY: categories}
    caret = caret_at(before, after)
    found = _type_at(caret.steps) if caret.kind != "nothing" else None
    if found is None:
        return Offer()
    behind = after[len(caret.rest) :].lstrip(" \t")
    at_value = caret.kind in ("value", "item")
    options = _values(found, caret, known) if at_value else _keys(found, caret, known, behind)
    return Offer(caret.typed, caret.rest, tuple(_matching(options, caret.typed[len(caret.quote) :])))


def _type_at(steps: Steps) -> inspect.Type | None:
    """Return the type of the value at ``steps``, None if the schema has no such key."""
    type_: inspect.Type = type_info(Rules)
    for step in steps:
        match _table(type_):
            case inspect.StructType(fields=fields):
                field = next((field for field in fields if field.encode_name == step), None)
                if field is None:
                    return None
                type_ = field.type
            case inspect.DictType(value_type=value_type):
                type_ = value_type
            case _:
                return None
    return type_


def _table(type_: inspect.Type) -> inspect.Type:
    """Return the type of a table; of blocks, that of one of them."""
    plain = SchemaType(type_).type
    if isinstance(plain, inspect.VarTupleType) and isinstance(_plain(plain.item_type), inspect.StructType):
        return _plain(plain.item_type)
    return plain


def _plain(type_: inspect.Type) -> inspect.Type:
    return SchemaType(type_).type


def _keys(type_: inspect.Type, caret: Caret, known: Names, behind: str) -> Iterator[Option]:
    match _table(type_):
        case inspect.StructType(fields=fields):
            for field in fields:
                end = _behind_key(field.type, caret, behind)
                if field.encode_name not in caret.written and end is not None:
                    yield Option(field.encode_name, field.encode_name + end, _about(field.type))
        case inspect.DictType(key_type=key_type, value_type=value_type) if (expected := _expected(key_type)) in known:
            end = _behind_key(value_type, caret, behind)
            for name in known[expected]:
                if end is not None:
                    yield Option(name, (toml_text(name) if caret.quote else quoted(name)) + end)
        case inspect.DictType(key_type=key_type, value_type=value_type):
            end = _behind_key(value_type, caret, behind)
            for option in _scalars(key_type, {}):
                if end is not None:
                    yield Option(option.name, (toml_text(option.name) if caret.quote else option.name) + end)


def _behind_key(type_: inspect.Type, caret: Caret, behind: str) -> str | None:
    """Return what comes behind a key of this type, None if it does not belong there."""
    in_blocks = _plain(type_) is not _table(type_)
    in_table = isinstance(_table(type_), inspect.StructType | inspect.DictType)
    closing = "]]" if caret.kind == "block header" else "]"
    match caret.kind:
        case "block header":
            return ("" if behind.startswith("]") else closing) if in_blocks else None
        case "header" if in_table and (not in_blocks or not caret.steps):
            deeper = in_blocks or isinstance(_table(type_), inspect.DictType)
            return "." if deeper and not behind.startswith("]") else "" if behind.startswith("]") else closing
        case "key" if in_table:
            return None if in_blocks else "" if behind.startswith(("=", ".")) else "."
        case "key":
            return "" if behind.startswith("=") else " = "
    return None


def _values(type_: inspect.Type, caret: Caret, known: Names) -> Iterator[Option]:
    plain, about = _plain(type_), _about(type_)
    if isinstance(plain, inspect.VarTupleType):
        in_list = caret.kind == "item"
        for option in _scalars(plain.item_type, known):
            yield option if in_list or caret.quote else option._replace(insert=f"[{option.insert}]", about=about)
    elif caret.kind == "value":
        for option in _scalars(type_, known):
            yield option._replace(about=about)


def _scalars(type_: inspect.Type, known: Names) -> Iterator[Option]:
    match _plain(type_):
        case inspect.LiteralType(values=values):
            yield from (Option(str(value), toml(value)) for value in values)
        case inspect.BoolType():
            yield from (Option(toml(value), toml(value)) for value in (True, False))
        case inspect.StrType() if (expected := _expected(type_)) in known:
            yield from (Option(name, toml_text(name)) for name in known[expected])


def _expected(type_: inspect.Type) -> str:
    return SchemaType(type_).expected


def _matching(options: Iterable[Option], typed: str) -> list[Option]:
    """Return the options that hold ``typed``, first those that begin with it."""
    key = label_key(typed)
    held = [option for option in options if key in label_key(option.name)]
    held.sort(key=lambda option: not label_key(option.name).startswith(key))
    return held[:MOST]


def _about(type_: inspect.Type) -> str:
    """Return the description of a key of the schema."""
    while isinstance(type_, inspect.Metadata):
        schema: dict[str, Any] = type_.extra_json_schema or {}
        if "description" in schema:
            return str(schema["description"])
        type_ = type_.type
    return ""
