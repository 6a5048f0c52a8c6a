"""The HTTP that carries signed requests: sent as signed, never redirected, every failure a sentence."""

from collections.abc import Mapping
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from autotag_cli.errors import Failure
from autotag_cli.stack.http import post, status_of
from autotag_cli.stack.target import Reply

URL = "https://ops.example.com/"


class Carrier(BaseAdapter):
    """Answers instead of a network, or fails with ``error``."""

    def __init__(self, status: int = 200, error: Exception | None = None) -> None:
        super().__init__()
        self.status, self.error = status, error
        self.sent: list[requests.PreparedRequest] = []
        self.timeouts: list[object] = []

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        self.sent.append(request)
        self.timeouts.append(timeout)
        if self.error is not None:
            raise self.error
        response = requests.Response()
        response.status_code, response.url, response.request = self.status, str(request.url), request
        response.headers["location"] = "https://elsewhere.example.com/"
        response._content = b"told"
        return response

    def close(self) -> None:
        pass


def test_what_was_signed_is_what_is_sent() -> None:
    carrier = Carrier()
    signed = {
        "Authorization": "AWS4-HMAC-SHA256 x",
        "X-Amz-Date": "20261008T120000Z",
        "content-type": "application/json",
    }

    assert post(URL, signed, b'{"op":"show"}', adapter=carrier) == Reply(200, b"told")

    (request,) = carrier.sent
    assert (request.method, request.url, request.body) == ("POST", URL, b'{"op":"show"}')
    assert dict(request.headers) == {**signed, "Content-Length": "13"}
    assert None not in carrier.timeouts


def test_a_redirection_is_an_answer_and_not_followed() -> None:
    carrier = Carrier(307)

    assert post(URL, {}, b"", adapter=carrier).status == 307
    assert len(carrier.sent) == 1


def _refused() -> Exception:
    error = requests.ConnectionError("Max retries exceeded with url: / (Caused by …)")
    error.__cause__ = ConnectionRefusedError(111, "Connection refused")
    return error


@pytest.mark.parametrize(
    "url, error, sentence",
    [
        (URL, requests.ReadTimeout("x"), "ops.example.com did not answer in time"),
        (URL, _refused(), "ops.example.com cannot be reached (Connection refused)"),
        (
            "http://127.0.0.1:4566/",
            _refused(),
            "127.0.0.1:4566 cannot be reached (Connection refused), is the local stack still up?",
        ),
        (URL, requests.exceptions.SSLError("x"), "ops.example.com cannot be reached (SSLError)"),
    ],
)
def test_a_failure_is_one_sentence(url: str, error: Exception, sentence: str) -> None:
    with pytest.raises(Failure) as failed:
        post(url, {}, b"", adapter=Carrier(error=error))

    assert str(failed.value) == sentence


def test_an_address_that_is_none_is_a_failure_too() -> None:
    options: dict[str, Any] = {"adapter": Carrier()}
    with pytest.raises(Failure, match="cannot be reached"):
        post("nowhere", {}, b"", **options)


@pytest.mark.parametrize("status", [200, 302, 404, 405, 502])
def test_a_status_is_read_without_a_body_and_not_redirected(status: int) -> None:
    carrier = Carrier(status)
    assert status_of(URL, adapter=carrier) == status
    (request,) = carrier.sent
    assert (request.method, request.url, request.body) == ("GET", URL, None)


def test_an_address_that_does_not_answer_is_a_sentence() -> None:
    with pytest.raises(Failure, match=r"ops\.example\.com cannot be reached"):
        status_of(URL, adapter=Carrier(error=requests.ConnectionError("down")))
