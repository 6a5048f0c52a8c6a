"""JSON from outside: the value, or ``DecodeError`` whatever the text holds."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.messages import decode as decode_message
from autotag.domain.model.strict_json import decode, decode_by
from autotag.domain.rules.parse import examine

DEEP = 100_000


class Known(Struct):
    name: str = ""


@pytest.mark.parametrize(
    "text",
    [
        b"[" * DEEP,
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'{"unknown":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"name":"\xff"}',
        '{"name":"\ud800"}',
        b"9" * 5000,
        b"-1e999",
        b"NaN",
        b"",
        b"{",
    ],
)
@pytest.mark.parametrize("type_", [object, dict, Known, list[Known]])
def test_what_cannot_be_decoded_is_one_kind_of_error(text: bytes | str, type_: type) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(text, type_)
    with pytest.raises(msgspec.DecodeError):
        decode_by(msgspec.json.Decoder(type_), text)


@given(st.binary(max_size=64) | st.text(max_size=64).map(str.encode))
def test_whatever_the_bytes_it_is_a_value_or_that_error(text: bytes) -> None:
    try:
        found = decode(text)
    except msgspec.DecodeError:
        return
    assert found == json.loads(text)


@pytest.mark.parametrize(
    "body", [b'{"x":' + b"[" * DEEP + b"]" * DEEP + b"}", b"[" * DEEP, '{"kind":"labels","x":"\ud800"}']
)
def test_a_queued_message_that_nests_deeply_is_no_message(body: bytes | str) -> None:
    with pytest.raises(Invalid, match="queue message"):
        decode_message(body)


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 100_000 + " = 1",
        "[" + "a . " * 60_000 + "a]",
        "[[" + "'a'." * 50_000 + "a]]",
        'x = {"b"' + '."b"' * 50_000 + " = 1}",
        "x = " + "[" * 3000,
    ],
)
def test_rules_that_nest_deeply_are_refused_before_they_fill_the_memory(text: str) -> None:
    (fault,) = examine(text).errors
    assert fault.found == "tables or lists that are nested too deeply"
