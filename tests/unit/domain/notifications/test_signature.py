"""The legacy notification signature: the official SDK as oracle for what is valid, and a name for all that is not."""

from hashlib import sha256

import cloudinary
import cloudinary.utils
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.errors import Rejected
from autotag.domain.notifications.signature import digest, verify

NOW = 1_791_460_800
SECRET = "notification-test-secret"
BODY = b'{"notification_type":"upload","public_id":"stage/caf\xc3\xa9"}'
SECRETS = {"111111111111111": SECRET}


def signed(
    body: bytes = BODY, timestamp: str = str(NOW), secret: str = SECRET, algorithm: str = "sha1"
) -> dict[str, str]:
    return {
        "x-cld-timestamp": timestamp,
        "x-cld-signature": digest(body, timestamp, secret, algorithm=algorithm),
    }


def broken_rule(headers: dict[str, str], body: bytes = BODY, now: float = NOW) -> str:
    with pytest.raises(Rejected) as refused:
        verify(body, headers, SECRETS, now=now)
    return refused.value.rule


def sdk_accepts(body: str, timestamp: int, signature: str, algorithm: str) -> bool:
    cloudinary.config(cloud_name="demo", api_key="1", api_secret=SECRET)
    return bool(
        cloudinary.utils.verify_notification_signature(
            body, timestamp, signature, valid_for=10**12, algorithm=getattr(cloudinary.utils, f"SIGNATURE_{algorithm}")
        )
    )


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
@given(text=st.text(st.characters(codec="utf-8")), at=st.integers(0, 10**12 - 1))
def test_what_the_official_sdk_accepts_is_accepted(algorithm: str, text: str, at: int) -> None:
    headers = signed(text.encode(), str(at), algorithm=algorithm)
    assert sdk_accepts(text, at, headers["x-cld-signature"], algorithm.upper())
    assert verify(text.encode(), headers, SECRETS, now=at) == "111111111111111"


@given(text=st.text(st.characters(codec="utf-8")), other=st.text(st.characters(codec="utf-8")))
def test_a_changed_body_is_refused_as_the_official_sdk_refuses_it(text: str, other: str) -> None:
    headers = signed(text.encode())
    accepted = sdk_accepts(other, NOW, headers["x-cld-signature"], "SHA1")
    assert accepted == (text == other)
    if text == other:
        verify(other.encode(), headers, SECRETS, now=NOW)
    else:
        assert broken_rule(headers, other.encode()) == "mismatch"


def test_the_digest_is_of_the_bytes_alone_whatever_they_encode() -> None:
    body = b"\xff\xfe\x00"
    signature = sha256(body + str(NOW).encode() + SECRET.encode()).hexdigest()
    headers = {"x-cld-timestamp": str(NOW), "x-cld-signature": signature}
    assert verify(body, headers, SECRETS, now=NOW) == "111111111111111"


@pytest.mark.parametrize("age", [0, 7200, -300])
def test_the_window_includes_its_ends(age: int) -> None:
    assert verify(BODY, signed(timestamp=str(NOW - age)), SECRETS, now=NOW)


@pytest.mark.parametrize(("age", "rule"), [(7201, "too_old"), (-301, "in_future"), (-86400 * 365, "in_future")])
def test_a_timestamp_outside_the_window_is_refused(age: int, rule: str) -> None:
    assert broken_rule(signed(timestamp=str(NOW - age))) == rule


@pytest.mark.parametrize(("window", "age"), [({"max_age": 60}, 61), ({"max_skew": 0}, -1)])
def test_the_window_is_a_setting(window: dict[str, int], age: int) -> None:
    headers = signed(timestamp=str(NOW - age))
    verify(BODY, headers, SECRETS, now=NOW)
    with pytest.raises(Rejected):
        verify(BODY, headers, SECRETS, now=NOW, **window)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"x-cld-signature": None}, "signature_missing"),
        ({"x-cld-signature": ""}, "signature_missing"),
        ({"x-cld-signature": None, "x-cld-signature_v2": "00ff"}, "v2_only"),
        ({"x-cld-signature": "", "x-cld-signature_v2": "00ff"}, "v2_only"),
        ({"x-cld-timestamp": None}, "timestamp_missing"),
        ({"x-cld-timestamp": ""}, "timestamp_missing"),
        ({"x-cld-timestamp": None, "x-cld-signature": None}, "signature_missing"),
    ],
)
def test_a_missing_header_is_named(change: dict[str, str | None], rule: str) -> None:
    headers = {name: value for name, value in (signed() | change).items() if value is not None}
    assert broken_rule(headers) == rule


def test_a_v2_signature_besides_the_legacy_one_is_ignored() -> None:
    assert verify(BODY, signed() | {"x-cld-signature_v2": "nonsense"}, SECRETS, now=NOW)


@pytest.mark.parametrize(
    "signature",
    [
        signed()["x-cld-signature"].upper(),
        signed(algorithm="sha256")["x-cld-signature"].upper(),
        signed()["x-cld-signature"][:-1],
        signed()["x-cld-signature"] + "0",
        signed()["x-cld-signature"] + "\n",
        " " + signed()["x-cld-signature"],
        f"{signed()['x-cld-signature']},{signed()['x-cld-signature']}",
        f"{signed()['x-cld-signature']}, {signed()['x-cld-signature']}",
        "g" * 40,
        "\uff10" * 40,  # full-width digits
        "0" * 128,
        "sha1=" + signed()["x-cld-signature"],
    ],
)
def test_a_malformed_signature_is_refused(signature: str) -> None:
    assert broken_rule(signed() | {"x-cld-signature": signature}) == "signature_malformed"


@pytest.mark.parametrize(
    "timestamp",
    [
        "-1",
        "+1791460800",
        "1791460800.0",
        "1.79e9",
        "0x6ac76a00",
        "1_791_460_800",
        " 1791460800",
        "1791460800 ",
        "1791460800\n",
        "1791460800,1791460800",
        "1791460800, 1791460800",
        "\u0661\u0667\u0669\u0661\u0664\u0666\u0660\u0668\u0660\u0660",  # Arabic-Indic digits, which int() would read
        "\uff11\uff17\uff19\uff11\uff14\uff16\uff10\uff18\uff10\uff10",
        "1" * 13,
        "now",
    ],
)
def test_a_malformed_timestamp_is_refused_before_it_is_used(timestamp: str) -> None:
    signature = sha256(BODY + timestamp.encode() + SECRET.encode()).hexdigest()
    headers = {"x-cld-timestamp": timestamp, "x-cld-signature": signature}
    assert broken_rule(headers) == "timestamp_malformed"


def test_a_digit_moved_from_the_timestamp_to_the_body_is_too_old() -> None:
    headers = signed()
    moved = headers | {"x-cld-timestamp": headers["x-cld-timestamp"][1:]}
    assert broken_rule(moved, BODY + headers["x-cld-timestamp"][:1].encode()) == "too_old"


def test_a_digit_moved_from_the_body_to_the_timestamp_lies_in_the_future() -> None:
    body = BODY + b"5"
    headers = signed(body)
    moved = headers | {"x-cld-timestamp": "5" + headers["x-cld-timestamp"]}
    assert broken_rule(moved, BODY) == "in_future"


def test_the_wrong_secret_is_a_mismatch() -> None:
    assert broken_rule(signed(secret="another")) == "mismatch"
    with pytest.raises(Rejected, match="mismatch"):
        verify(BODY, signed(), {}, now=NOW)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_digest_of_one_algorithm_does_not_pass_as_the_other(algorithm: str) -> None:
    other = {"sha1": "sha256", "sha256": "sha1"}[algorithm]
    length = {"sha1": 40, "sha256": 64}[algorithm]
    signature = digest(BODY, str(NOW), SECRET, algorithm=other).ljust(64, "0")[:length]
    assert broken_rule(signed() | {"x-cld-signature": signature}) == "mismatch"


@pytest.mark.parametrize("signer", ["old", "new", "third"])
def test_every_live_secret_is_tried_and_the_signer_is_named(signer: str) -> None:
    secrets = {"old": "s1", "new": "s2", "third": "s3"}
    assert verify(BODY, signed(secret=secrets[signer]), secrets, now=NOW) == signer


def test_a_withdrawn_secret_no_longer_signs() -> None:
    headers = signed(secret="s1")
    assert verify(BODY, headers, {"old": "s1", "new": "s2"}, now=NOW) == "old"
    with pytest.raises(Rejected, match="mismatch"):
        verify(BODY, headers, {"new": "s2"}, now=NOW)


def test_two_keys_with_one_secret_name_the_first() -> None:
    assert verify(BODY, signed(), {"a": SECRET, "b": SECRET}, now=NOW) == "a"


def test_the_refusal_holds_neither_secret_nor_signature() -> None:
    headers = signed(secret="another")
    with pytest.raises(Rejected) as refused:
        verify(BODY, headers, SECRETS, now=NOW)
    assert SECRET not in repr(refused.value) + str(refused.value)
    assert headers["x-cld-signature"] not in repr(refused.value)
