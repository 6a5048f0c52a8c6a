"""Whatever is posted, the answer is one of the documented codes, and nothing that is not authentic is queued.

A few hundred inputs in ``make test``; ``make fuzz`` tries a hundred thousand. How many there were is printed at the end
and asserted of each property.
"""

import base64
import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from autotag.domain.model.messages import asset_id_of, decode, encode
from tests.unit.domain.samples import A_UPLOAD
from tests.unit.handlers.webhook.fuzzing import (
    ALTERED,
    AUTHENTIC,
    BODIES,
    REQUESTS,
    SHAPES,
    VALUES,
    Tally,
    authentic,
    examples,
)
from tests.unit.handlers.webhook.webhook_corpus import CORPUS
from tests.unit.handlers.webhook.webhook_requests import NOW, SECRET, Webhook, event, signed

DOCUMENTED = {200, 400, 401, 405, 413, 503}
PHRASES = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 405: "Method Not Allowed", 503: "Service Unavailable"}
LONG_RUN = 100_000

ASSET_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


def post(webhook: Webhook, body: bytes, headers: dict[str, str], *, encoded: bool) -> int:
    """Post ``body``, base64-encoded where it must be; check what holds for every answer, and return its status."""
    text = base64.b64encode(body).decode() if encoded or not body.isascii() else body.decode()
    answer = webhook.answer(event("POST", headers, text, encoded or not body.isascii()))
    status = answer["statusCode"]
    assert isinstance(status, int) and status in DOCUMENTED
    assert set(answer) == {"statusCode", "headers", "body"} and answer["body"] == PHRASES.get(status, answer["body"])
    lines = repr(webhook.telemetry.lines)
    assert SECRET not in lines and "writer-test-secret" not in lines
    for message in webhook.queue.messages:
        assert decode(encode(message)) == message and encode(message).isascii()
        assert ASSET_ID.fullmatch(asset_id_of(message))
    return status


def test_whatever_is_authentic_gets_a_documented_answer_and_is_queued_if_it_is_ours(tally: Tally) -> None:
    @settings(max_examples=examples(AUTHENTIC))
    @given(body=BODIES, algorithm=st.sampled_from(["sha1", "sha256"]), encoded=st.booleans(), up=st.booleans())
    def holds(body: bytes, algorithm: str, encoded: bool, up: bool) -> None:
        webhook = Webhook()
        webhook.queue.takes = 10_000 if up else 0
        headers = signed(body, algorithm=algorithm)
        status = post(webhook, body, headers, encoded=encoded)
        tally.note("authentic", status)
        assert status in ({200, 400} if up else {200, 400, 503})
        assert webhook.queue.messages == [] or status == 200
        assert headers["x-cld-signature"] not in repr(webhook.telemetry.lines)
        kind = _kind(body)
        if status == 200 and kind not in ("upload", "info", "resource_tags_changed", "rename", "delete"):
            assert webhook.queue.messages == []
        if up and b"=" in body:
            assert {type(message).__name__ for message in webhook.queue.messages} <= {"RefetchAsset"}

    holds()
    assert tally.inputs["authentic"] >= examples(AUTHENTIC)


def test_what_is_not_authentic_is_refused_and_never_queued(tally: Tally) -> None:
    """By a second opinion on what is authentic: an altered request passes only where nothing that counts is altered."""

    @settings(max_examples=examples(ALTERED))
    @given(request=REQUESTS, encoded=st.booleans(), store=st.sampled_from(["up", "up", "up", "down"]))
    def holds(request: tuple[bytes, dict[str, str]], encoded: bool, store: str) -> None:
        body, headers = request
        webhook = Webhook()
        webhook.secrets.down = store == "down"
        status = post(webhook, body, headers, encoded=encoded)
        tally.note("altered", status)
        if store == "down":
            assert status == 503 and webhook.queue.messages == []
        elif authentic(body, headers, NOW):
            assert status in (200, 400)
        else:
            assert status == 401 and webhook.queue.messages == []

    holds()
    assert tally.inputs["altered"] >= examples(ALTERED)


def test_whatever_shape_the_event_has_the_answer_is_documented(tally: Tally) -> None:
    @settings(max_examples=examples(SHAPES))
    @given(
        body=st.none() | st.text(max_size=100) | st.sampled_from(["!", "e30", "e30=", A_UPLOAD.decode()]),
        encoded=st.booleans(),
        headers=st.none() | st.dictionaries(st.text(max_size=20), VALUES, max_size=4) | st.just(signed(A_UPLOAD)),
        method=st.sampled_from(["POST", "POST", "POST", "GET", "HEAD", "", "post", "PO ST"]),
    )
    def holds(body: str | None, encoded: bool, headers: dict[str, str] | None, method: str) -> None:
        webhook = Webhook()
        answer = webhook.answer({**event(method, {}, body, encoded), "headers": headers})
        tally.note("shapes", answer["statusCode"])
        assert answer["statusCode"] in ({200, 400, 401} if method == "POST" else {405})
        assert answer["statusCode"] == 200 or webhook.queue.messages == []

    holds()
    assert tally.inputs["shapes"] >= examples(SHAPES)


def test_the_corpus_is_among_the_inputs_whole(tally: Tally) -> None:
    for case in CORPUS:
        tally.note("corpus", post(Webhook(), case.body, case.headers, encoded=True))
    assert tally.inputs["corpus"] == len(CORPUS) > 150


def test_the_long_run_is_as_long_as_it_says() -> None:
    long = settings.get_profile("long").max_examples
    assert (AUTHENTIC + ALTERED + SHAPES) * long >= LONG_RUN


def _kind(body: bytes) -> object:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document.get("notification_type") if isinstance(document, dict) else None
