"""Calls to Cloudinary: what is sent, what answers mean, what is waited for, and bodies that are read from disk."""

import io
import time
from email.utils import formatdate
from typing import Any

import pytest
import requests
from urllib3 import HTTPResponse
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, ProtocolError

from autotag.domain.errors import AutotagError, Invalid, Missing
from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.client import CloudinaryClient, segment
from autotag_cli.cloudinary.responses import Refused, Unreachable, is_lost
from autotag_cli.cloudinary.transport.multipart import Body, FilePart
from autotag_cli.cloudinary.transport.retry import OnceRetry, PatientRetry
from autotag_cli.errors import Failure
from tests.unit.autotag_cli.fake_account import FakeAccount
from tests.unit.autotag_cli.fake_cloudinary import FakeCloudinary

ACCOUNT = Account("demo", "111", "s3cr3t")
POOL = HTTPConnectionPool("example.com")


def test_an_admin_call_sends_its_parameters_and_returns_the_answer() -> None:
    carrier = FakeCloudinary({"status": "ok"})
    seen: list[int] = []
    client = CloudinaryClient(ACCOUNT, adapter=carrier, on_answer=lambda answer: seen.append(answer.status_code))

    assert client.admin("PUT", "resources/abc", params={"x": "1"}, json={"tags": "a"}) == {"status": "ok"}

    (call,) = carrier.received
    assert (call.method, call.path, call.fields) == ("PUT", "resources/abc", {"tags": "a"})
    assert seen == [200]


def test_an_upload_call_sends_fields_lists_and_a_file() -> None:
    carrier = FakeCloudinary({})
    part = FilePart.of_bytes('ü"x.jpg', b"\r\n--\xff")
    fields = {"public_ids": ["a", "b,c"], "context": "k=ä", "empty": ""}

    CloudinaryClient(ACCOUNT, adapter=carrier).upload_api("image", "upload", fields, part, headers={"X-Some": "1"})

    (call,) = carrier.received
    assert (call.method, call.path) == ("POST", "image/upload")
    assert call.fields == {"public_ids[]": ["a", "b,c"], "context": "k=ä", "empty": ""}
    assert call.file is not None and call.file[1] == b"\r\n--\xff"
    assert call.headers["X-Some"] == "1"


@pytest.mark.parametrize(
    ("answer", "error", "sentence"),
    [
        ((400, {"error": {"message": "Bad tag"}}), Invalid, "Cloudinary refuses this (400): Bad tag"),
        ((404, {"error": {"message": "Resource not found - x"}}), Missing, "(404): Resource not found - x"),
        ((401, "<html>s3cr3t?</html>"), Refused, "Cloudinary does not accept the credentials"),
        ((403, {"error": {"message": "No subscription"}}), Refused, "Cloudinary does not allow this (403): No subscr"),
        ((409, {"error": {"message": "x"}}), Refused, "Cloudinary has this already (409): x"),
        ((420, {"error": {"message": "Try again on Monday"}}), Refused, "limit is reached (420): Try again on Monday"),
        ((302, ""), Refused, "Cloudinary answered with something unexpected (302)"),
        ((502, "<html>bad gateway</html>"), Refused, "Cloudinary failed (502)"),
        ((200, "[1]"), Refused, "Cloudinary answered 200 with something other than a JSON object"),
        (requests.ReadTimeout("x"), Unreachable, "api.cloudinary.com did not answer in time"),
        (requests.ConnectionError("x"), Unreachable, "api.cloudinary.com cannot be reached (ConnectionError)"),
    ],
)
def test_what_is_no_success_is_one_sentence(answer: Any, error: type[AutotagError], sentence: str) -> None:
    with pytest.raises(error) as raised:
        CloudinaryClient(ACCOUNT, adapter=FakeCloudinary(answer)).admin("GET", "ping")
    assert sentence in str(raised.value)
    assert "s3cr3t" not in str(raised.value) and "\n" not in str(raised.value)
    if isinstance(raised.value, Refused):
        assert raised.value.status == answer[0]


@pytest.mark.parametrize(
    ("text", "path"), [("zoo/my koala é?", "zoo/my%20koala%20%C3%A9%3F"), ("a:b%2F", "a:b%252F"), ("a..b", "a..b")]
)
def test_a_name_is_escaped_for_a_path(text: str, path: str) -> None:
    assert segment(text) == path


@pytest.mark.parametrize("text", ["", "..", "a/../b", "./a", "a//b", "/a"])
def test_a_name_that_would_lead_elsewhere_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        segment(text)


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_a_body_is_the_same_however_it_is_read_and_again_after_rewinding(size: int) -> None:
    stream = io.BytesIO(b"0123456789" * 50)
    body = Body({"a": "b", "ids": ["x", "y"]}, FilePart("x.jpg", stream, 300, 100))
    whole = body.read()
    assert len(whole) == len(body) and body.read() == b""
    assert b"0123456789" * 30 in whole and b"0123456789" * 31 not in whole

    body.seek(0)
    pieces = list(iter(lambda: body.read(size), b""))
    assert b"".join(pieces) == whole and all(len(piece) == size for piece in pieces[:-1])
    assert body.seek(-5, io.SEEK_END) == len(whole) - 5 and body.read() == whole[-5:]


def test_a_file_that_becomes_shorter_is_told() -> None:
    body = Body({}, FilePart("x.jpg", io.BytesIO(b"12345"), 6))
    with pytest.raises(Failure, match="has become shorter"):
        body.read()


def refusal(status: int, **headers: str) -> HTTPResponse:
    return HTTPResponse(status=status, headers={name.replace("_", "-"): text for name, text in headers.items()})


def limited(seconds: float, remaining: str = "0") -> HTTPResponse:
    reset = formatdate(time.time() + seconds, usegmt=True)
    return HTTPResponse(
        status=420, headers={"X-FeatureRateLimit-Remaining": remaining, "X-FeatureRateLimit-Reset": reset}
    )


def test_a_limit_is_waited_for_until_its_reset_if_that_is_near() -> None:
    retry = PatientRetry.usual()
    near = limited(20)
    assert 15 < (retry.get_retry_after(near) or 0) <= 20
    assert retry.increment("GET", "/", near, _pool=POOL).history[-1].status == 420


def test_a_limit_that_lasts_is_told_at_once() -> None:
    with pytest.raises(MaxRetryError):
        PatientRetry.usual().increment("GET", "/", limited(1800), _pool=POOL)
    with pytest.raises(MaxRetryError):
        PatientRetry.usual().increment("GET", "/", refusal(503, Retry_After="3600"), _pool=POOL)


def test_a_refusal_that_says_no_time_is_repeated_with_back_off_and_within_bounds() -> None:
    retry, waits = PatientRetry.usual(), []
    for answer in (
        limited(1800, remaining="7"),
        refusal(420),
        refusal(429, Retry_After="soon"),
        refusal(503),
        refusal(500),
    ):
        assert retry.get_retry_after(answer) is None
        assert retry.is_retry("POST", answer.status)
        retry = retry.increment("POST", "/", answer, _pool=POOL)
        waits.append(retry.get_backoff_time())
    assert waits == sorted(waits) and waits[-1] <= 10
    with pytest.raises(MaxRetryError):
        retry.increment("POST", "/", refusal(503), _pool=POOL)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_final_refusal_is_not_repeated(status: int) -> None:
    assert not PatientRetry.usual().is_retry("POST", status)


def test_the_time_at_cloudinary_is_that_of_its_answers_else_this_machines() -> None:
    account = FakeAccount()
    assert CloudinaryClient(ACCOUNT, adapter=account).time() == account.now
    limited = FakeCloudinary((420, {"error": {"message": "Rate Limit Exceeded"}}))
    assert abs(CloudinaryClient(ACCOUNT, adapter=limited).time() - time.time()) < 60
    with pytest.raises(Refused):
        CloudinaryClient(ACCOUNT, adapter=FakeCloudinary((401, ""))).time()


@pytest.mark.parametrize("status", [408, 420, 423, 429])
def test_what_must_not_be_made_twice_is_made_again_where_it_had_no_effect(status: int) -> None:
    assert OnceRetry.usual().is_retry("POST", status)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("asks_to_wait", [True, False])
def test_what_must_not_be_made_twice_is_not_made_again_where_it_may_have_had_effect(
    status: int, asks_to_wait: bool
) -> None:
    retry = OnceRetry.usual()
    assert not retry.is_retry("POST", status, asks_to_wait)
    with pytest.raises(MaxRetryError):
        retry.increment("POST", "/", error=ProtocolError("Connection aborted."), _pool=POOL)


def test_a_file_that_cannot_be_read_any_more_is_no_fault_of_the_line() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(Failure, match="cannot be read"):
        Body({}, FilePart("x.jpg", Broken(b"12345"), 5)).read()


@pytest.mark.parametrize("text", ["caf\udce9", "a/\udcff"])
def test_a_name_that_is_not_utf8_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="expected UTF-8"):
        segment(text)


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (Unreachable("x"), True), (Refused("x", 500), True), (Refused("x", 504), True), (Refused("x", 200), True),
        (Refused("x", 401), False), (Refused("x", 420), False), (Refused("x", 302), False), (Invalid("", "x"), False),
        (Missing("x"), False), (Failure("x"), False),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_say_what_became_of_a_call_is_a_lost_one(error: Exception, lost: bool) -> None:
    assert is_lost(error) == lost
