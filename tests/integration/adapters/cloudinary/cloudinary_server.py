"""A server on loopback that gives prepared replies and records the requests."""

import base64
import json
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qs


class Reply(NamedTuple):
    """One answer. ``fault`` is "hang", which never answers, or "reset", which breaks the connection.

    ``trickles``: ten bytes a second of the body come.
    """

    status: int = 200
    body: object = ""
    headers: Mapping[str, str] = MappingProxyType({})
    fault: str = ""
    trickles: bool = False


class Request(NamedTuple):
    """One request; ``at`` is its time in seconds of a monotonic clock."""

    method: str
    path: str
    user: str
    password: str
    form: dict[str, list[str]]
    at: float


@dataclass
class Server:
    """A running server: the replies to come, of which the last one repeats, and the requests so far."""

    base: str
    replies: list[Reply] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def next_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class _Listening(ThreadingHTTPServer):
    request_queue_size = 128  # the usual 5 refuse some of the connections that are made at once on a busy machine


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server until the block ends."""
    listening = _Listening(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server = Server(f"http://127.0.0.1:{listening.server_port}")
    listening.RequestHandlerClass = _handler(server)
    listening.daemon_threads = True
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        listening.shutdown()
        thread.join()
        listening.server_close()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            encoded = self.headers.get("Authorization", "").removeprefix("Basic ")
            user, _, password = base64.b64decode(encoded).decode().partition(":")
            server.requests.append(Request(self.command, self.path, user, password, parse_qs(body), time.monotonic()))
            reply = server.next_reply()
            if reply.fault:
                self._fail(reply.fault)
                return
            content = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            if not reply.trickles:
                self.wfile.write(content.encode())
                return
            with suppress(ConnectionError):  # the client gives up
                for byte in content.encode():
                    self.wfile.write(bytes([byte]))
                    if server.closing.wait(0.1):
                        return

        def _fail(self, fault: str) -> None:
            self.close_connection = True
            if fault == "hang":
                server.closing.wait(30)
            else:  # a reset instead of an orderly end
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()

        def log_message(self, format: str, *args: Any) -> None:
            """Log nothing."""

    return Handler
