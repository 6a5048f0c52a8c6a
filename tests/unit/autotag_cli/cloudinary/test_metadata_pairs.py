"""Contextual and structured metadata, written as the official SDK writes it and read back."""

import pytest
from cloudinary.utils import encode_context
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.metadata_pairs import context_of, decode_pairs, encode_pairs
from simulator.assets.tags import parse_pairs
from simulator.core.database import Database
from simulator.metadata.datasource import Entry
from simulator.metadata.fields import FieldType, MetadataField, MetadataFields
from simulator.metadata.values import parse_metadata

WORDS = st.text("ab=|\\ \n é", min_size=1).filter(lambda text: not text.endswith("\\"))


@given(st.dictionaries(WORDS, WORDS | st.just("")))
def test_pairs_are_read_back_as_they_were_written(pairs: dict[str, str]) -> None:
    text = encode_pairs(pairs.items())
    assert decode_pairs(text) == pairs
    assert parse_pairs(text, "context") == pairs, "and so the local Cloudinary reads them"


@given(st.dictionaries(st.text("ab", min_size=1), WORDS))
def test_pairs_are_written_as_the_official_sdk_writes_them(pairs: dict[str, str]) -> None:
    assert encode_pairs(pairs.items()) == encode_context(pairs)


def test_a_value_that_ends_in_a_backslash_comes_last() -> None:
    pairs = {"path": "C:\\dir\\", "alt": "a lake"}
    assert encode_pairs(pairs.items()) == "alt=a lake|path=C:\\dir\\"
    assert decode_pairs(encode_pairs(pairs.items())) == pairs


@pytest.mark.parametrize("pairs", [{"a": "\\", "b": "x\\"}, {"a\\": "x"}])
def test_what_would_be_read_otherwise_is_refused(pairs: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="ends in a backslash"):
        encode_pairs(pairs.items())


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"custom": {"alt": "lake"}}, {"alt": "lake"}),
        ({"alt": "lake"}, {"alt": "lake"}),
        ({"custom": "x", "alt": "lake"}, {"custom": "x", "alt": "lake"}),
        ({}, {}),
        (None, {}),
        ("alt=lake", {}),
    ],
)
def test_context_is_read_with_and_without_its_wrapper(context: object, expected: dict[str, str]) -> None:
    """The search answers it without one (pycloudinary test_search.py, "should include context")."""
    assert context_of({"context": context}) == expected


def test_structured_metadata_of_every_type_is_written_as_it_was_read() -> None:
    """An upload that replaces a picture sends the values back that Cloudinary answered."""
    fields, entries = MetadataFields(Database()), (Entry("r", "Red"), Entry("g", "Green"))
    types: dict[str, FieldType] = {"sku": "string", "stock": "integer", "until": "date", "color": "enum", "all": "set"}
    for name, type_ in types.items():
        fields.add(MetadataField(name, type_, name, 0.0, datasource=entries if type_ in ("enum", "set") else ()))
    values = {"sku": "a|b=c", "stock": 12, "until": "2026-12-24", "color": "r", "all": ["r", "g"]}
    assert parse_metadata(encode_pairs(values.items()), fields) == values
