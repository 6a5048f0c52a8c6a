"""The simulator as a real process, a receiver of notifications, and the official SDK pointed at the simulator."""

import http.server
import threading
from collections.abc import Callable, Iterator
from typing import Any

import cloudinary
import pytest

from tests.integration.simulator.simulator_client import (
    KEY,
    KEYS,
    SECRET,
    TIME_SCALE,
    Notification,
    Receiver,
    Simulator,
    launch,
    stop,
)


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[Simulator]:
    """One simulator for the whole session."""
    simulator = launch(*KEYS, "--time-scale", str(TIME_SCALE))
    yield simulator
    stop(simulator)


@pytest.fixture
def simulator(simulator_process: Simulator) -> Simulator:
    """The session's simulator, as if it had just been started."""
    simulator_process.control("POST", "/reset")
    return simulator_process


@pytest.fixture
def start() -> Iterator[Callable[..., Simulator]]:
    """A function that starts simulators with other options; they end with the test."""
    started: list[Simulator] = []

    def run(*arguments: str) -> Simulator:
        started.append(launch(*KEYS, *arguments))
        return started[-1]

    yield run
    for simulator in started:
        stop(simulator)


@pytest.fixture
def sdk(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The official SDK, configured as its documentation says."""
    prefix = f"upload_prefix={simulator.url}"
    monkeypatch.setenv("CLOUDINARY_URL", f"cloudinary://{KEY}:{SECRET}@demo?{prefix}")
    cloudinary.reset_config()
    yield
    monkeypatch.delenv("CLOUDINARY_URL")
    cloudinary.reset_config()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An HTTP server that keeps all notifications."""
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(receiver.accept(Notification(raw, dict(self.headers.items()))))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()
