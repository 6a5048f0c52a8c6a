"""The validation of a structured metadata field.

Source: cloudinary.com/documentation/metadata_api, "Validating data", and pycloudinary test_metadata.py.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from simulator.assets.assets import MetadataValue


class GreaterThan(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="greater_than"):
    """An integer or a date must be above ``value``, or with ``equals`` at least that."""

    value: int | str
    equals: bool = False

    def accepts(self, value: MetadataValue) -> bool:
        """Return whether ``value`` is valid."""
        return _is_above(value, self.value) or (self.equals and value == self.value)


class LessThan(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="less_than"):
    """An integer or a date must be below ``value``, or with ``equals`` at most that."""

    value: int | str
    equals: bool = False

    def accepts(self, value: MetadataValue) -> bool:
        """Return whether ``value`` is valid."""
        return _is_above(self.value, value) or (self.equals and value == self.value)


class TextLength(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="strlen"):
    """A text must have from ``min`` to ``max`` characters."""

    min: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    max: Annotated[int, Meta(ge=0)] | UnsetType = UNSET

    def accepts(self, value: MetadataValue) -> bool:
        """Return whether ``value`` is valid."""
        length = len(value) if isinstance(value, str) else 0
        return (self.min is UNSET or length >= self.min) and (self.max is UNSET or length <= self.max)


class AllOf(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="and"):
    """A value must pass all rules."""

    rules: Annotated[tuple[GreaterThan | LessThan | TextLength, ...], Meta(min_length=1, max_length=10)]

    def accepts(self, value: MetadataValue) -> bool:
        """Return whether ``value`` is valid."""
        return all(rule.accepts(value) for rule in self.rules)


Validation = GreaterThan | LessThan | TextLength | AllOf


def fits(validation: Validation, type_: str) -> bool:
    """Return whether a field of a type can have ``validation``: integers and dates a bound, texts a length.

    The bound of an integer is a whole number, that of a date a text.
    """
    if isinstance(validation, AllOf):
        return all(fits(rule, type_) for rule in validation.rules)
    if isinstance(validation, TextLength):
        return type_ == "string"
    return (type_, type(validation.value)) in (("integer", int), ("date", str))


def _is_above(value: MetadataValue, bound: MetadataValue) -> bool:
    if isinstance(value, int) and isinstance(bound, int):
        return value > bound
    return isinstance(value, str) and isinstance(bound, str) and value > bound  # ISO dates are in the order of time
