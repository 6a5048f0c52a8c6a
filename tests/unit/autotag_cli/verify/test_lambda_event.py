"""``autotag verify`` takes the body and the headers out of a Lambda event, as Lambda delivers them."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from autotag.domain.notifications.signature import digest
from tests.unit.autotag_cli.run_command import EVENTS, autotag
from tests.unit.handlers.webhook.webhook_requests import NOW, SECRET, post, signed

BODY = (EVENTS / "bodies" / "upload-complete.json").read_bytes()


def verify(event: dict[str, Any], *more: str) -> Result:
    return autotag("verify", "-", "--secret", SECRET, "--now", str(NOW), *more, stdin=json.dumps(event))


def rest_event(body: str, headers: dict[str, str], *, encoded: bool = False) -> dict[str, Any]:
    """Return the event of a REST API or a load balancer, with headers in the sender's case and as lists."""
    return {
        "httpMethod": "POST",
        "headers": None,
        "multiValueHeaders": {name.title(): [value] for name, value in headers.items()},
        "body": body,
        "isBase64Encoded": encoded,
    }


@pytest.mark.parametrize("encoded", [False, True])
def test_an_event_of_a_function_url_is_valid(encoded: bool) -> None:
    result = verify(post(BODY, signed(BODY), encoded=encoded))
    assert (result.exit_code, result.stdout) == (0, "valid\n")


@pytest.mark.parametrize("encoded", [False, True])
def test_an_event_with_headers_in_another_form_is_valid(encoded: bool) -> None:
    body = base64.b64encode(BODY).decode() if encoded else BODY.decode()
    assert verify(rest_event(body, signed(BODY), encoded=encoded)).stdout == "valid\n"


@pytest.mark.parametrize("name", ["webhook-upload-complete", "webhook-base64-body", "webhook-info-complete"])
def test_the_sample_events_are_valid(name: str) -> None:
    event = json.loads((EVENTS / f"{name}.json").read_text())
    at = {key.lower(): value for key, value in event["headers"].items()}["x-cld-timestamp"]
    result = autotag("verify", EVENTS / f"{name}.json", "--secret", SECRET, "--now", at)
    assert (result.exit_code, result.stdout) == (0, "valid\n")


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({}, "signature_missing: the X-Cld-Signature header is empty"),
        ({"x-cld-signature_v2": "00ff"}, "v2_only: there is only X-Cld-Signature_v2: choose legacy_hmac as the signat"),
        (signed(BODY, NOW - 9000), "too_old: the timestamp is 9000 s old"),
        (signed(BODY, secret="another"), "mismatch: the signature was not made of exactly this body"),
    ],
)
def test_what_breaks_a_rule_in_an_event_is_named(headers: dict[str, str], sentence: str) -> None:
    result = verify(post(BODY, headers))
    assert result.exit_code == 1 and result.stdout.startswith(sentence)


def test_a_body_whose_base64_was_not_decoded_by_an_event_is_found() -> None:
    event = {**post(BODY, signed(BODY), encoded=True), "isBase64Encoded": False}
    assert json.loads(verify(event, "--json").stdout)["valid_after"] == ["base64"]


def test_a_rewritten_body_in_an_event_is_found() -> None:
    event = {**post(BODY, signed(BODY)), "body": json.dumps(json.loads(BODY))}
    sent = json.dumps(json.loads(BODY), separators=(",", ":"), ensure_ascii=False).encode()
    event["headers"] |= signed(sent)
    assert json.loads(verify(event, "--json").stdout)["valid_after"] == ["rewritten_json"]


def test_options_count_more_than_the_headers_of_an_event() -> None:
    event = post(BODY, signed(BODY, secret="another"))
    assert verify(event, "--signature", digest(BODY, str(NOW), SECRET)).stdout == "valid\n"


def test_an_event_whose_body_is_not_the_base64_that_it_says_is_invalid_input() -> None:
    result = verify({**post(BODY, signed(BODY)), "isBase64Encoded": True})
    assert (result.exit_code, result.stdout) == (2, "")
    sentence = "stdin: body: expected base64, since isBase64Encoded is true in this Lambda event"
    assert result.stderr == f"autotag: {sentence}\n"


@pytest.mark.parametrize("given", [(), ("--timestamp", str(NOW)), ("--signature", "0" * 40)])
def test_a_body_alone_needs_both_headers(given: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "body.json"
    path.write_bytes(BODY)
    result = autotag("verify", path, "--secret", SECRET, *given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "only a Lambda event holds the headers" in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.parametrize("body", [b'{"body": 7, "headers": {"a": "b"}}', b'{"body": "x"}', b'{"headers": {}}', b"[1]"])
def test_other_json_is_a_body(body: bytes) -> None:
    options = ("--timestamp", str(NOW), "--signature", digest(body, str(NOW), SECRET), "--now", str(NOW))
    assert autotag("verify", "-", "--secret", SECRET, *options, stdin=body).stdout == "valid\n"
