"""The console served on loopback within this process, and a host of pictures beside it."""

import hashlib
import http.server
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from msgspec.structs import replace
from playwright.sync_api import Page

from autotag.service.runs.requests import PlanRun
from autotag_cli.console.library_file import library_pages
from autotag_console.app import create_app
from autotag_console.ask import Ask
from autotag_console.pages import stats_in_steps
from autotag_console.pages.runs import plan_in_steps
from autotag_console.pictures import Delivery
from autotag_console.settings import ConsoleSettings, LibraryFile
from autotag_console.sign_in.sealed import Sealer
from autotag_console.workbench.library_pages import LibraryPages
from local.core.waiting import until
from simulator.files.generated_picture import generated_picture


@dataclass(frozen=True)
class Console:
    """A running console: ``url`` without a path, and the address that opens the one session."""

    url: str
    start_url: str
    stop: Callable[[], None]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def open(self, page: Page, path: str = "/") -> None:
        """Open the session in a page, and there a path, without the start page, which may load itself again."""
        if path == "/":
            page.goto(self.start_url)
            return
        page.context.request.get(self.start_url, max_redirects=0)
        page.goto(f"{self.url}{path}")


@contextmanager
def served_console(
    ask: Ask, pictures: str, *, caller: str, port: int = 0, library: LibraryFile | None = None, in_steps: bool = False
) -> Iterator[Console]:
    """Serve a console while the block runs; ``pictures`` is the address of their host, ``library`` an export.

    ``in_steps``: it plans runs and counts as the deployed console does, with each step one asset of each segment.
    """
    listener = socket.create_server(("127.0.0.1", port))
    port = listener.getsockname()[1]
    token = secrets.token_urlsafe(16)
    settings = ConsoleSettings(
        stack="autotag", delivery=Delivery(pictures, "demo"), token=token, hosts=frozenset({f"127.0.0.1:{port}"}),
        cookie_name=f"autotag-{port}", caller=caller, library=library,
    )  # fmt: skip
    if in_steps:
        in_steps_routes = [*plan_in_steps.routes, *stats_in_steps.routes]
        app = create_app(_by_ones(ask), replace(settings, patience=0.0), LibraryPages(in_steps_routes))
        app.state.sealer = Sealer(secrets.token_bytes(32), lambda: 0)
    else:
        app = create_app(ask, settings, library_pages(library))
    config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})

    def stop() -> None:
        server.should_exit = True
        thread.join()

    thread.start()
    try:
        until(lambda: server.started, "the console to answer", within=10, every=0.01)
        yield Console(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/start?token={token}", stop)
    finally:
        stop()


def _by_ones(ask: Ask) -> Ask:
    """Return what answers like ``ask``, but with one asset in each page of a plan."""
    return lambda request: ask(replace(request, limit=1) if isinstance(request, PlanRun) else request)


class _Pictures(http.server.BaseHTTPRequestHandler):
    """Answers every delivery URL with a picture of a color of its own; those of assets named ``missing`` with 404."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        found = "missing" not in name
        body = generated_picture(hashlib.sha256(name.encode()).hexdigest(), "png", 900, 600) if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


@contextmanager
def served_pictures() -> Iterator[str]:
    """Serve a picture for every delivery URL while the block runs; the block gets the host's address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
