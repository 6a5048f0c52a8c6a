"""Pictures over HTTP: from the service's own address alone, few bytes, no redirect, and what each status means."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from autotag.adapters.cloudinary.pictures import LARGEST, DeliveredPictures
from autotag.domain.errors import NotDelivered, Undeliverable
from autotag.domain.model.asset import AssetRef
from autotag.domain.notifications.credentials import Credentials

REF = AssetRef("a1", "stage/a1", "image", "upload", 7)


class Delivery(ThreadingHTTPServer):
    """A delivery that answers as it is told; ``paths`` are what was asked for.

    ``missing`` bytes are announced and not sent; the body waits for ``kept_back``.
    """

    status, location, size, missing = 200, "", 10, 0
    paths: list[str]
    kept_back: threading.Event


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Delivery

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("location", self.server.location)
        self.close_connection = True
        if self.server.status != 204:
            self.send_header("content-length", str(self.server.size + self.server.missing))
        self.end_headers()
        self.server.kept_back.wait(30)
        if self.server.status == 204:
            return
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
    server.paths, server.kept_back = [], threading.Event()
    server.kept_back.set()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def pictures(delivery: Delivery, clock: Callable[[], float] = time.monotonic) -> DeliveredPictures:
    return DeliveredPictures(f"http://127.0.0.1:{delivery.server_port}", Secret(), clock)


def test_a_picture_is_fetched_from_the_address_that_the_service_made(delivery: Delivery) -> None:
    assert pictures(delivery).fetch(REF) == b"x" * 10
    (path,) = delivery.paths
    assert path.startswith("/demo/image/upload/s--") and path.endswith("/v7/stage/a1.jpg")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(delivery: Delivery, status: int) -> None:
    delivery.status, delivery.location = status, f"http://127.0.0.1:{delivery.server_port}/elsewhere"
    with pytest.raises(Undeliverable, match=f"answered {status}, a redirect.*CloudinaryDeliveryBase"):
        pictures(delivery).fetch(REF)
    assert len(delivery.paths) == 1


def test_reading_stops_at_five_megabytes(delivery: Delivery) -> None:
    delivery.size = LARGEST
    assert len(pictures(delivery).fetch(REF)) == LARGEST
    delivery.size = LARGEST + 1
    with pytest.raises(Undeliverable, match="more than 5,242,880 bytes"):
        pictures(delivery).fetch(REF)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, NotDelivered) for status in (204, 404, 408, 420, 423, 429, 500, 503)),
        *((status, Undeliverable) for status in (400, 401, 403, 410)),
    ],
)
def test_a_status_says_whether_to_wait_or_to_give_up(delivery: Delivery, status: int, error: type[Exception]) -> None:
    delivery.status = status
    with pytest.raises(error) as raised:
        pictures(delivery).fetch(REF)
    assert type(raised.value) is error
    for cause in ("strict transformations", "API key", "SHA-256 with 32 characters"):
        assert (cause in str(raised.value)) == (status == 401)


def test_an_empty_answer_is_no_picture(delivery: Delivery) -> None:
    delivery.size = 0
    with pytest.raises(NotDelivered, match="answered 200 without a picture"):
        pictures(delivery).fetch(REF)


def test_a_picture_that_drips_is_given_up_after_ten_seconds_of_all_its_parts(delivery: Delivery) -> None:
    delivery.size = 1_000_000
    seconds = (each * 3.0 for each in itertools.count())  # each look at the clock is three seconds later
    with pytest.raises(NotDelivered, match="took longer than 10 seconds"):
        pictures(delivery, lambda: next(seconds)).fetch(REF)


def test_what_is_left_of_the_ten_seconds_bounds_each_part(delivery: Delivery) -> None:
    delivery.kept_back.clear()
    seconds = iter([0.0, 0.0, 9.9])
    with pytest.raises(NotDelivered, match="ReadTimeoutError"):
        pictures(delivery, lambda: next(seconds)).fetch(REF)
    delivery.kept_back.set()


def test_a_picture_that_is_cut_is_none(delivery: Delivery) -> None:
    delivery.missing = 5
    with pytest.raises(NotDelivered, match="ProtocolError"):
        pictures(delivery).fetch(REF)


def test_a_refused_signature_is_tried_with_a_rotated_secret_once(delivery: Delivery) -> None:
    delivery.status = 401
    with pytest.raises(Undeliverable):
        pictures(delivery).fetch(REF)
    assert len(set(delivery.paths)) == 2


def test_where_nobody_answers_the_error_names_the_host_alone() -> None:
    with pytest.raises(NotDelivered) as raised:
        DeliveredPictures("http://127.0.0.1:9", Secret()).fetch(REF)
    assert "s--" not in str(raised.value) and "127.0.0.1" in str(raised.value)
