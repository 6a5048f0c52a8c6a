"""Pictures over HTTP: from the service's own address alone, few bytes, no redirect, and what each status means."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from autotag.adapters.cloudinary.pictures import LARGEST, DeliveredPictures
from autotag.domain.errors import NotDelivered, Permanent, Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.notifications.credentials import Credentials

REF = AssetRef("a1", "stage/a1", "image", "upload", 7)


class Delivery(ThreadingHTTPServer):
    """A delivery that answers as it is told; ``paths`` are what was asked for."""

    status, location, size = 200, "", 10
    paths: list[str]


class Handler(BaseHTTPRequestHandler):
    server: Delivery

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("location", self.server.location)
        self.send_header("content-length", str(self.server.size))
        self.end_headers()
        try:
            self.wfile.write(b"x" * self.server.size)
        except ConnectionError:
            return  # the reader has enough

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


class Secret:
    """The secret; ``rotated`` is what a second look finds."""

    rotated = "new"

    def credentials(self, *, newer: bool = False, newest: bool = False) -> Credentials:
        return Credentials("demo", "1", self.rotated if newer else "old")


@pytest.fixture
def delivery() -> Iterator[Delivery]:
    server = Delivery(("127.0.0.1", 0), Handler)
    server.paths = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def pictures(delivery: Delivery) -> DeliveredPictures:
    return DeliveredPictures(f"http://127.0.0.1:{delivery.server_port}", Secret())


def test_a_picture_is_fetched_from_the_address_that_the_service_made(delivery: Delivery) -> None:
    assert pictures(delivery).fetch(REF) == b"x" * 10
    (path,) = delivery.paths
    assert path.startswith("/demo/image/upload/s--") and path.endswith("/v7/stage/a1.jpg")


def test_a_redirect_is_not_followed(delivery: Delivery) -> None:
    delivery.status, delivery.location = 302, f"http://127.0.0.1:{delivery.server_port}/elsewhere"
    with pytest.raises(Retryable, match="answered 302"):
        pictures(delivery).fetch(REF)
    assert len(delivery.paths) == 1


def test_reading_stops_at_five_megabytes(delivery: Delivery) -> None:
    delivery.size = LARGEST
    assert len(pictures(delivery).fetch(REF)) == LARGEST
    delivery.size = LARGEST + 1
    with pytest.raises(Permanent, match="more than 5,242,880 bytes"):
        pictures(delivery).fetch(REF)


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, NotDelivered), (423, NotDelivered), (400, Permanent), (401, Permanent), (429, Retryable), (500, Retryable)],
)
def test_a_status_says_whether_to_wait_or_to_give_up(delivery: Delivery, status: int, error: type[Exception]) -> None:
    delivery.status = status
    with pytest.raises(error) as raised:
        pictures(delivery).fetch(REF)
    assert type(raised.value) is error
    for cause in ("strict transformations", "API key", "SHA-256 with 32 characters"):
        assert (cause in str(raised.value)) == (status == 401)


def test_a_refused_signature_is_tried_with_a_rotated_secret_once(delivery: Delivery) -> None:
    delivery.status = 401
    with pytest.raises(Permanent):
        pictures(delivery).fetch(REF)
    assert len(set(delivery.paths)) == 2


def test_where_nobody_answers_the_error_names_the_host_alone() -> None:
    with pytest.raises(Retryable) as raised:
        DeliveredPictures("http://127.0.0.1:9", Secret()).fetch(REF)
    assert "s--" not in str(raised.value) and "127.0.0.1" in str(raised.value)
