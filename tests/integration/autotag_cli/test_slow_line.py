"""A line that takes what is sent slowly, or stands still for a while, is no dead one."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.cloudinary.responses import Unreachable
from autotag_cli.cloudinary.transport.multipart import FilePart

CONNECT = 0.3
"""Seconds that a connection may take in these tests; the line stands still for longer."""
SIZE = 8_000_000
"""Bytes of a file: more than the system takes at once."""
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"public_id":""}'


def take(connection: socket.socket) -> bool:
    """Read a whole request; return whether it came."""
    head = b""
    while b"\r\n\r\n" not in head:
        if not (got := connection.recv(65536)):
            return False
        head += got
    head, _, rest = head.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    body = len(rest)
    while body < length:
        if not (got := connection.recv(1 << 20)):
            return False
        body += len(got)
    return True


@contextmanager
def line(stands_still: float, dies: bool = False) -> Iterator[tuple[str, list[int]]]:
    """Serve one connection that reads nothing for a while at first; yield its address and how many came."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)
    came: list[int] = []
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            came.append(1)
            with connection:
                over.wait(stands_still)
                if dies:
                    continue
                if take(connection):
                    connection.sendall(ANSWER)

    thread = threading.Thread(target=serve)
    thread.start()
    host, port = listener.getsockname()
    try:
        yield f"http://{host}:{port}", came
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_a_line_that_stands_still_for_longer_than_a_connection_may_take_is_not_dead(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(bytes(SIZE))
    with line(stands_still=CONNECT * 5) as (url, came), path.open("rb") as stream:
        client = CloudinaryClient(Account("demo", "111", "s3cr3t", url), connect=CONNECT)
        answer = client.upload_api("image", "upload", {}, FilePart("large.jpg", stream, SIZE), once=True)
    assert (answer, len(came)) == ({"public_id": ""}, 1)


def test_a_line_that_breaks_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(bytes(SIZE))
    with line(stands_still=0, dies=True) as (url, came), path.open("rb") as stream:
        client = CloudinaryClient(Account("demo", "111", "s3cr3t", url), connect=CONNECT)
        with pytest.raises(Unreachable):
            client.upload_api("image", "upload", {}, FilePart("large.jpg", stream, SIZE), once=True)
    assert len(came) == 1
