"""A receiver of notifications that are to be delivered later: it keeps their bodies, byte for byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class NotificationCollector:
    """An HTTP server that answers every POST with 200; ``bodies`` are the bodies posted, in order of arrival."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.bodies: list[bytes] = []


@contextmanager
def collect_notifications() -> Iterator[NotificationCollector]:
    """Run a collector on a free port of loopback while the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        collector = NotificationCollector(f"http://127.0.0.1:{server.server_address[1]}/")

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                collector.bodies.append(self.rfile.read(length))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return  # it would be a line for each notification

        server.RequestHandlerClass = Handler
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield collector
        finally:
            server.shutdown()
