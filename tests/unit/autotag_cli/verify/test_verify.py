"""``autotag verify``: valid, or the word of the rule that broke it and a sentence."""

import json
from pathlib import Path

import pytest
from typer.testing import Result

from autotag.domain.notifications.signature import digest
from tests.unit.autotag_cli.run_command import EVENTS, autotag

BODY = EVENTS / "bodies" / "upload-complete.json"
SECRET = "notification-test-secret"
SIGNED_AT = 1_791_460_800


def verify(
    file: str | Path = BODY,
    *more: str,
    timestamp: str = str(SIGNED_AT),
    signature: str | None = None,
    now: float = SIGNED_AT,
    stdin: bytes | None = None,
) -> Result:
    good = digest(BODY.read_bytes(), str(SIGNED_AT), SECRET)
    options = ("--timestamp", timestamp, "--signature", good if signature is None else signature, "--now", str(now))
    return autotag("verify", file, *options, "--secret", SECRET, *more, stdin=stdin)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_right_signature_is_valid(algorithm: str) -> None:
    result = verify(signature=digest(BODY.read_bytes(), str(SIGNED_AT), SECRET, algorithm=algorithm))

    assert (result.exit_code, result.stdout) == (0, "valid\n")


def test_the_body_may_come_from_stdin_byte_for_byte() -> None:
    body = b"\xef\xbb\xbf\xff\r\n"

    result = verify("-", signature=digest(body, str(SIGNED_AT), SECRET), stdin=body)

    assert result.stdout == "valid\n"


@pytest.mark.parametrize(
    "timestamp, signature, now, line",
    [
        ("1791460800", "", 0, "signature_missing: the X-Cld-Signature header is empty"),
        ("1791460800", "ABC", 0, "signature_malformed: the X-Cld-Signature header is neither 40 nor 64 lower-case hex"),
        ("", None, 0, "timestamp_missing: the X-Cld-Timestamp header is empty"),
        ("17914608 00", None, 0, "timestamp_malformed: the X-Cld-Timestamp header is not 1 to 12 decimal digits"),
        ("1791460800", None, SIGNED_AT + 7201, "too_old: the timestamp is 7201 s old, at most 7200 s are allowed"),
        ("1791460800", None, SIGNED_AT - 301, "in_future: the timestamp is 301 s ahead, at most 300 s are allowed"),
        (
            "1791460800",
            "0" * 40,
            SIGNED_AT,
            "mismatch: the signature was not made of exactly this body, this timestamp",
        ),
    ],
)
def test_a_broken_rule_is_named(timestamp: str, signature: str | None, now: int, line: str) -> None:
    result = verify(timestamp=timestamp, signature=signature, now=now)

    assert result.exit_code == 1
    assert result.stdout.startswith(line)


def test_the_window_can_be_set() -> None:
    assert verify(BODY, "--max-age", "7201", now=SIGNED_AT + 7201).exit_code == 0
    assert verify(BODY, "--max-skew", "301", now=SIGNED_AT - 301).exit_code == 0


def test_without_now_the_clock_tells() -> None:
    past = autotag(
        "verify", BODY, "--timestamp", "1", "--signature", digest(BODY.read_bytes(), "1", SECRET), "--secret", SECRET
    )

    assert past.stdout.startswith("too_old")


def test_json_for_programs() -> None:
    assert json.loads(verify(BODY, "--json").stdout) == {"valid": True, "rule": None, "reason": None, "valid_after": []}
    broken = verify(BODY, "--json", now=SIGNED_AT + 7201)
    assert json.loads(broken.stdout)["rule"] == "too_old"
    assert broken.exit_code == 1


def test_the_secret_may_come_from_the_environment() -> None:
    signature = digest(BODY.read_bytes(), str(SIGNED_AT), SECRET)
    options = ("--timestamp", str(SIGNED_AT), "--signature", signature, "--now", str(SIGNED_AT))

    assert autotag("verify", BODY, *options, env={"AUTOTAG_SECRET": SECRET}).exit_code == 0
    assert autotag("verify", BODY, *options).exit_code == 2
    assert SECRET not in autotag("verify", "--help", env={"AUTOTAG_SECRET": SECRET}).output


def test_a_file_that_is_not_there_is_wrong_input(tmp_path: Path) -> None:
    result = verify(tmp_path / "none")

    assert result.exit_code == 2
    assert result.stderr == f"autotag: {tmp_path / 'none'}: cannot be read (No such file or directory)\n"
