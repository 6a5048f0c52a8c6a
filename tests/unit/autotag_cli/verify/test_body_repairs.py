"""``autotag verify`` finds the usual mistake that makes a right signature wrong, and says what it means."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import Result

from autotag.domain.notifications.signature import digest
from autotag_cli.verify.body_repairs import find_repair
from autotag_cli.verify.json_rewrites import MOST_REWRITTEN
from tests.unit.autotag_cli.run_command import autotag
from tests.unit.captures import CAPTURES, Capture

SECRET = "notification-test-secret"
AT = "1791460800"
NOTIFICATION: dict[str, Any] = {
    "notification_type": "info",
    "info_kind": "aws_rek_tagging",
    "asset_id": "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "public_id": "café/<marsh> & heron",
    "version": 1791460800,
    "info_data": [{"tag": "Héron", "confidence": 1.0}, {"tag": "Pond", "confidence": 0.70}],
    "url": "http://res.cloudinary.com/testcloud/image/upload/v1791460800/marsh.jpg",
}
SENT = json.dumps(NOTIFICATION, separators=(",", ":"), ensure_ascii=False).encode()
PARSED = json.loads(SENT)


def verify(body: bytes, signed: bytes = SENT, *more: str) -> Result:
    """Run the command on ``body`` with the signature of ``signed``."""
    options = ("--timestamp", AT, "--now", AT, "--signature", digest(signed, AT, SECRET), "--secret", SECRET)
    return autotag("verify", "-", *options, *more, stdin=body)


def lines(body: bytes) -> bytes:
    return json.dumps(json.loads(body), indent=1, ensure_ascii=False).encode()


REWRITTEN = {
    "python": json.dumps(PARSED).encode(),
    "jq": json.dumps(PARSED, indent=2, ensure_ascii=False).encode() + b"\n",
    "javascript": SENT.replace(b":1.0}", b":1}"),
    "php": json.dumps(PARSED, separators=(",", ":")).replace("/", "\\/").encode(),
    "ruby": SENT.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026"),
}
MISTAKES = [
    (b"\xef\xbb\xbf" + SENT, SENT, ["byte_order_mark"], "without the byte-order mark at its start"),
    (SENT + b"\n", SENT, ["last_line_end"], "without the line break at the end of the file"),
    (SENT + b"\r\n", SENT, ["last_line_end"], "without the line break at the end of the file"),
    (SENT, SENT + b"\n", ["missing_last_line_end"], "with a line break (LF) at its end"),
    (SENT + b"\r\n", SENT + b"\n", ["line_ends"], "with LF as line ends in place of CRLF"),
    (SENT, SENT + b"\r\n", ["missing_last_line_end"], "with a line break (CRLF) at its end"),
    (lines(SENT).replace(b"\n", b"\r\n"), lines(SENT), ["line_ends"], "with LF as line ends in place of CRLF"),
    (lines(SENT), lines(SENT).replace(b"\n", b"\r\n"), ["line_ends"], "with CRLF as line ends in place of LF"),
    (
        b"\xef\xbb\xbf" + lines(SENT).replace(b"\n", b"\r\n") + b"\r\n",
        lines(SENT),
        ["byte_order_mark", "line_ends", "last_line_end"],
        "without the byte-order mark at its start and with LF as line ends in place of CRLF and without the line break",
    ),
    (base64.encodebytes(SENT), SENT, ["base64"], "decoded from base64"),
    (base64.b64encode(SENT + b"\n"), SENT, ["base64", "last_line_end"], "decoded from base64 and without the line"),
    *(
        (body, SENT, ["rewritten_json"], "with its JSON written without spaces between its parts")
        for body in REWRITTEN.values()
    ),
    (SENT, REWRITTEN["python"], ["rewritten_json"], "with its JSON written with a space after each comma and colon"),
    (
        SENT,
        REWRITTEN["php"],
        ["rewritten_json"],
        "with its JSON written without spaces between its parts, in ASCII, wi",
    ),
    (
        SENT,
        REWRITTEN["jq"],
        ["rewritten_json", "missing_last_line_end"],
        "with its JSON written indented by 2 spaces, and with a line break (LF) at its end",
    ),
]


@pytest.mark.parametrize(("body", "signed", "words", "how"), MISTAKES)
def test_the_change_that_makes_the_signature_match_is_named_in_one_sentence(
    body: bytes, signed: bytes, words: list[str], how: str
) -> None:
    result = verify(body, signed)
    assert result.exit_code == 1 and result.stderr == ""
    assert result.stdout.startswith(f"mismatch: it is valid {how}")
    assert result.stdout.count("\n") == 1 and ": " in result.stdout.removeprefix("mismatch: ")

    shown = json.loads(verify(body, signed, "--json").stdout)
    assert (shown["valid"], shown["rule"], shown["valid_after"]) == (False, "mismatch", words)


def test_a_sentence_says_what_the_change_means_for_the_code() -> None:
    assert verify(REWRITTEN["python"]).stdout.endswith(
        ": the body was parsed and written again; verify the raw bytes before any JSON parser reads them, as "
        "express.raw(), request.get_data() or await request.body() give them\n"
    )
    assert verify(base64.b64encode(SENT)).stdout == (
        "mismatch: it is valid decoded from base64: decode the body first where the event says isBase64Encoded; the "
        "signature is of the decoded bytes\n"
    )


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"1", b'{"b": 1, "a": 2}', SENT[:-1]])
def test_a_body_that_no_repair_makes_valid_is_a_mismatch(body: bytes) -> None:
    result = verify(body)
    assert result.exit_code == 1
    assert result.stdout == (
        "mismatch: the signature was not made of exactly this body, this timestamp and this secret\n"
    )
    assert json.loads(verify(body, SENT, "--json").stdout)["valid_after"] == []


def test_keys_in_alphabetical_order_are_named_since_no_repair_brings_their_order_back() -> None:
    result = verify(json.dumps(PARSED, sort_keys=True).encode())
    assert result.stdout.endswith(
        "; its keys are in alphabetical order, as after a rewrite, which loses the order that was signed\n"
    )


def test_another_rule_than_a_mismatch_is_named_first() -> None:
    options = ("--timestamp", AT, "--now", "1791470000", "--signature", digest(SENT, AT, SECRET), "--secret", SECRET)
    assert autotag("verify", "-", *options, stdin=SENT + b"\n").stdout.startswith("too_old: ")


def test_a_body_that_is_larger_than_any_accepted_is_not_written_again() -> None:
    large = json.dumps({**PARSED, "padding": "x" * MOST_REWRITTEN}).encode()
    compact = json.dumps(json.loads(large), separators=(",", ":"), ensure_ascii=False).encode()

    assert find_repair(large, lambda body: body == compact) is None
    assert find_repair(large + b"\n", lambda body: body == large) is not None


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture.name)
@pytest.mark.parametrize("spell", [json.dumps, lambda document: json.dumps(document, indent=2)])
def test_every_known_payload_is_found_after_python_wrote_it_again(capture: Capture, spell: Any) -> None:
    sent = json.dumps(capture.document, separators=(",", ":"), ensure_ascii=False).encode()
    repair = find_repair(spell(capture.document).encode(), lambda body: body == sent)
    assert repair is not None and repair.words == ("rewritten_json",)


TREES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=8), TREES, max_size=4), st.sampled_from([None, 1, 2, 4, "\t"]), st.booleans())
def test_any_json_that_was_written_again_is_found(document: dict[str, Any], indent: Any, ascii_only: bool) -> None:
    sent = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    received = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert received == sent or find_repair(received, lambda body: body == sent) is not None


def test_a_file_that_is_valid_as_it_is_stays_valid(tmp_path: Path) -> None:
    assert verify(SENT).stdout == "valid\n"
    assert verify(SENT + b"\n", SENT + b"\n").stdout == "valid\n"
