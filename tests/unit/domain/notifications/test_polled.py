"""What waits in a poll channel, as the notifications API hands it out."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.notifications.polled import Polled, parse_polled


def message(**change: object) -> dict[str, object]:
    return {
        "receipt_handle": "h1",
        "batch_id": "b1",
        "payload": {"a": 1},
        "signed_payload": base64.urlsafe_b64encode(b'{"a": 1}').decode().rstrip("="),
        "signature": "f" * 40,
        "timestamp": "1791460872",
        **change,
    }


@given(st.binary(max_size=50))
def test_the_signed_bytes_are_taken_exactly_and_never_the_parsed_payload(body: bytes) -> None:
    encoded = base64.urlsafe_b64encode(body).decode()
    for text in (encoded, encoded.rstrip("=")):
        (polled,) = parse_polled({"messages": [message(signed_payload=text)]})
        assert polled.body == body


def test_a_message_has_the_headers_that_a_post_would_have() -> None:
    headers = {"x-cld-timestamp": "1791460872", "x-cld-signature": "f" * 40}
    assert parse_polled({"messages": [message()]}) == [Polled("h1", b'{"a": 1}', headers)]


@pytest.mark.parametrize("answer", [{}, {"messages": None}, {"messages": []}, {"messages": "x"}, {"messages": [7, {}]}])
def test_where_nothing_waits_there_is_nothing(answer: dict[str, object]) -> None:
    assert parse_polled(answer) == []


@pytest.mark.parametrize("text", [None, 7, "!", "é", "a", "e30 ", "e3\n0", ["e30"]])
def test_bytes_that_cannot_be_read_are_none_that_anybody_signed(text: object) -> None:
    (polled,) = parse_polled({"messages": [message(signed_payload=text)]})
    assert polled.body == b"" and polled.receipt_handle == "h1"


@pytest.mark.parametrize("field", ["signature", "timestamp"])
@pytest.mark.parametrize("value", [None, [], {}])
def test_what_is_missing_is_missing_in_the_headers(field: str, value: object) -> None:
    (polled,) = parse_polled({"messages": [message(**{field: value})]})
    assert len(polled.headers) == 1
