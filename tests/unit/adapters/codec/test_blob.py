"""Whatever is stored comes back as it was, and what is torn is never taken for something else."""

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotag.adapters.aws.dynamodb.codec.blob import packed, unpacked
from autotag.adapters.aws.dynamodb.codec.dictionary import DICTIONARY
from autotag.adapters.aws.dynamodb.codec.words import WORDS
from autotag.domain.errors import Invalid

HEX = st.binary(min_size=6, max_size=32).map(bytes.hex)
ODD = (
    *("Electric Guitar", "electric guitar", "asset", 'labels."Electric Guitar".threshold', '"x"y', 'a"b"', "\\n"),
    *("a\nb", "\\", "", "2026-10-08T12:00:00.001Z", "2026-13-08T12:00:00.001Z", "9999-12-31T23:59:59.999Z"),
    *("0001-01-01T00:00:00.000Z", "100:67e24671fb69700216ddd08414eefdf9", "00000000000a.007.00000000000b", "İ", "ß"),
)
TEXT = (
    st.text(st.characters(codec="utf-8"), max_size=20)
    | st.sampled_from(ODD)
    | HEX
    | st.tuples(HEX, st.sampled_from(".:"), st.text(st.characters(codec="utf-8"), max_size=9)).map("".join)
    | st.tuples(HEX, st.integers(0, 10**19).map(lambda number: f".{number}."), HEX).map("".join)
)
WHOLE = st.integers(-(2**70), 2**70) | st.integers(0, 200) | st.integers(1_791_460_800_000, 1_791_460_900_000)
FLOAT = (
    st.floats(allow_nan=False) | st.integers(0, 10_000).map(lambda n: n / 10_000) | st.sampled_from([-0.0, 0.0, 1.0])
)
LEAF = st.none() | st.booleans() | WHOLE | FLOAT | TEXT | st.binary(max_size=9)
ROW = st.fixed_dictionaries({"label": TEXT, "confidence": FLOAT, "count": WHOLE, "other": LEAF})
VALUES = st.recursive(
    LEAF | st.lists(TEXT, max_size=6) | st.lists(WHOLE, max_size=6) | st.lists(FLOAT, max_size=6),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(TEXT, inner, max_size=5)
        | st.lists(ROW, max_size=5)
        | st.dictionaries(TEXT, ROW, max_size=4)
        | st.lists(st.tuples(TEXT, FLOAT, LEAF).map(list), max_size=5)
    ),
    max_leaves=25,
)


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same, also in their types and in the order of names."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return repr(one) == repr(other)


@settings(deadline=None, max_examples=max(300, settings.default.max_examples if settings.default else 0))
@given(VALUES)
def test_any_value_comes_back_as_it_was(value: Any) -> None:
    assert same(unpacked(packed(value).data), value)


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_come_back_wherever_they_stand(text: str) -> None:
    for value in (text, [text, text], [text, "x"], {text: text}, {"a": {"b": text}, "c": {"b": text + "."}}):
        assert same(unpacked(packed(value).data), value)


def test_a_tuple_becomes_a_list() -> None:
    assert unpacked(packed({"tags": ("a", "b")}).data) == {"tags": ["a", "b"]}


@settings(deadline=None, max_examples=200)
@given(VALUES, st.data())
def test_torn_bytes_are_invalid_or_the_same(value: Any, data: st.DataObject) -> None:
    blob = packed(value).data
    at = data.draw(st.integers(0, len(blob) - 1))
    for torn in (blob[:at], blob + b"\x00", blob[:at] + bytes([blob[at] ^ 0x55]) + blob[at + 1 :]):
        try:
            unpacked(torn)
        except Invalid as error:
            assert "stored item" in str(error)


@pytest.mark.parametrize("data", [b"", b"\x00", b"x" * 50])
def test_what_was_never_packed_is_invalid(data: bytes) -> None:
    with pytest.raises(Invalid, match="stored item"):
        unpacked(data)


def test_the_size_is_that_without_compression() -> None:
    assert packed({"tags": ["x" * 10_000]}).size > 10_000 > 100 > len(packed({"tags": ["x" * 10_000]}).data)


def test_labels_are_stored_once_however_often_they_are_named() -> None:
    labels = [f"A label of the number {n}" for n in range(50)]
    once = packed({"labels": labels}).size
    lower = {label: [label.lower()] for label in labels}
    assert packed({"labels": labels, "kept": labels, "ours": lower}).size < once + 330


def test_words_and_dictionary_never_change() -> None:
    """What was stored can be read only with them. Words may be added at the end."""
    assert hashlib.sha256(DICTIONARY).hexdigest() == "45574322df87a31aea21a17c6d455b28a66583b34c805ee02aa1913c1401ba68"
    assert (
        hashlib.sha256("\n".join(WORDS[:161]).encode()).hexdigest()
        == "26992d428a81b0075a443b60920c41d1885abdc2aec8e1d8eba2140b769968e8"
    )
    assert len(set(WORDS)) == len(WORDS) >= 161


@pytest.mark.parametrize("text", ["a." * 500 + "abcdefabcdef", "x:" * 5000, "." * 1200, "abcdefabcdef." * 800])
def test_a_text_of_many_parts_is_written_and_read_without_depth(text: str) -> None:
    def deep(depth: int) -> Any:
        return unpacked(packed({"caption": text}).data) if depth == 0 else deep(depth - 1)

    assert deep(700) == {"caption": text}
