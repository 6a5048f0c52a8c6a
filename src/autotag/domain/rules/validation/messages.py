"""The texts of schema errors: the value in the file, the values that the schema expects, and a suggestion."""

from difflib import get_close_matches
from typing import Any

from msgspec import inspect

from autotag.domain.model.labels import FORBIDDEN_CHARACTERS, forbidden_character
from autotag.domain.rules.validation.problems import quoted
from autotag.domain.rules.validation.schema_types import SchemaType, matches

_ALIKE = 0.75
"""How much of two words must be the same (0-1, by ``difflib``) for one to be a misspelling of the other."""
_STEM = 4
"""Characters of a word at least, for a longer word that begins with it to mean the same, such as ``lowercase``."""
_LOWEST_PERCENTAGE = 10
"""A lower number where a confidence belongs is no likely percentage: labels have at least 0.5 as a rule."""
_LONGEST_NUMBER = 20
"""Digits of a text that is read as a number."""
_MAIN_PROVIDER = "aws_rek_tagging"
"""The one add-on of Amazon's in the schema, whatever else its name is guessed to be."""


def describe_expected(allowed: SchemaType) -> str:
    """Return a text that says which values are ``allowed``, such as "a number from 0 to 1"."""
    such_as = f" such as {toml(allowed.examples[0])}" if allowed.examples else ""
    match allowed.type:
        case _ if allowed.expected:
            return allowed.expected
        case inspect.FloatType(ge=low, le=high):
            return f"a number from {low} to {high}"
        case inspect.IntType(ge=low, le=high):
            return f"a whole number from {low} to {high}"
        case inspect.StrType(min_length=shortest, max_length=longest):
            return "a text" if longest is None else f"a text of {shortest or 0} to {longest} characters"
        case inspect.LiteralType(values=values):
            return f"one of {', '.join(map(toml, values))}"
        case inspect.BoolType():
            return "true or false"
        case inspect.VarTupleType(min_length=shortest):
            return f"a list{f' of at least {shortest}' if shortest else ''}{such_as}"
        case _:
            return f"a table{such_as}"


def describe_value(value: object, allowed: SchemaType) -> str:
    """Return a text that describes ``value``, which is not ``allowed``, with the code of a forbidden character."""
    match value:
        case str():
            described = f"the text {quoted(value)}" if len(value) <= 60 else f"a text of {len(value)} characters"
            pattern = allowed.type.pattern if isinstance(allowed.type, inspect.StrType) else None
            character = forbidden_character(value) if FORBIDDEN_CHARACTERS in (pattern or "") else ""
            return f"{described} with the character {character}" if character else described
        case list():
            return "a list" if value else "an empty list"
        case dict():
            return "a table"
        case int() if value.bit_length() > 64:
            return "a huge number"
        case int() | float():
            return toml(value)
        case _:
            return "a date or time"


def toml(value: Any) -> str:
    """Return a plain value as TOML."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{_key(key)} = {toml(inner)}' for key, inner in value.items())} }}"
        case _:
            return str(value)


def suggest(value: object, type_: inspect.Type) -> str:
    """Return the probably intended value as TOML, or "" if there is no good guess."""
    match type_, value:
        case inspect.LiteralType(values=values), str():
            word, choices = value.strip().lower(), [str(choice) for choice in values]
            close = _MAIN_PROVIDER if _MAIN_PROVIDER in choices and _names_main(word) else _closest(word, choices)
            return quoted(close) if close else ""
        case inspect.FloatType(le=1), int() | float() if not isinstance(value, bool):
            return _of_percentage(value)
        case inspect.FloatType(le=1), str():
            return suggest_confidence(value)
        case inspect.IntType(ge=low, le=high), str() if _is_number(value) and value.strip().isdecimal():
            fits = (low is None or low <= int(value)) and (high is None or int(value) <= high)
            return value.strip() if fits else ""
        case inspect.BoolType(), str() if value.strip().lower() in ("true", "false"):
            return value.strip().lower()
        case inspect.VarTupleType(item_type=item), str():
            parts = [_meant(part.strip(), SchemaType(item).type) for part in value.split(",") if part.strip()]
            return f"[{', '.join(parts)}]" if parts and all(parts) else ""
        case _:
            return ""


def suggest_confidence(text: str) -> str:
    """Return the confidence that a text such as ``70%``, ``0,7`` or ``.7`` probably means, or "" for other texts."""
    digits = text.strip().removesuffix("%").rstrip().replace(",", ".")
    if not _is_number(digits):
        return ""
    number = float(digits)
    if number > 1 or "%" in text:
        return _of_percentage(number)
    return "" if number == 1 and "," in text else f"{number:g}"


def _meant(item: str, type_: inspect.Type) -> str:
    """Return an item of a list as TOML, as it is if it is allowed, or ""."""
    return quoted(item) if matches(item, type_) else suggest(item, type_)


def _names_main(word: str) -> bool:
    return word == "aws" or word.startswith(("aws_", "aws-", "aws ", "amazon"))


def suggest_key(name: str, keys: list[str]) -> str:
    """Return the probably intended key for a misspelled one, or "" if there is no good guess."""
    return _closest(name.strip().lower().replace("-", "_"), keys)


def _closest(word: str, known: list[str]) -> str:
    """Return the known word of which ``word`` is a misspelling, or "" if it resembles none of them."""
    close = get_close_matches(word, known, n=1, cutoff=_ALIKE)
    if close:
        return close[0]
    shares_start = (k for k in known if min(len(k), len(word)) >= _STEM and (word.startswith(k) or k.startswith(word)))
    return next(shares_start, "")


def _of_percentage(value: float) -> str:
    """Return a confidence (0-1) with at least two decimals, or "" if ``value`` is no likely percentage."""
    if not _LOWEST_PERCENTAGE <= value <= 100:
        return ""
    whole, _, decimals = f"{value / 100:.6g}".partition(".")
    return f"{whole}.{decimals:0<2}"


def _is_number(text: str) -> bool:
    digits = text.strip().removesuffix("%").replace(".", "", 1)
    return text.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER


def _key(key: str) -> str:
    return key if key.isascii() and key.isidentifier() else quoted(key)
