"""A running simulator with its control API, and a receiver of notifications, for tests."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import requests

ROOT = Path(__file__).parents[3]
SIGNING_KEY, SIGNING_SECRET = "111111111111111", "notification-test-secret"
KEY, SECRET = "222222222222222", "writer-test-secret"
TIME_SCALE = 900  # 3, 6 and 9 minutes become 0.2, 0.4 and 0.6 seconds
WAIT_SECONDS = 8.0


@dataclass(frozen=True)
class Notification:
    """One request to the receiver."""

    raw: str
    headers: dict[str, str]

    @property
    def body(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.raw)
        return document


@dataclass
class Receiver:
    """The notifications posted to ``url``. ``answers`` are the next status codes; afterwards it answers 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def of_type(self, kind: str) -> list[Notification]:
        return [n for n in list(self.notifications) if n.body["notification_type"] == kind]

    def wait(self, kind: str, count: int = 1) -> list[Notification]:
        """Wait for ``count`` notifications of a kind, and return the first ones."""
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.of_type(kind)) >= count, WAIT_SECONDS)
        assert arrived, f"{count} notifications of type {kind} did not arrive: {self.notifications}"
        return self.of_type(kind)[:count]

    def accept(self, notification: Notification) -> int:
        with self.changed:
            self.notifications.append(notification)
            self.changed.notify_all()
            return self.answers.pop(0) if self.answers else 200


@dataclass(frozen=True)
class Simulator:
    """A running simulator and its control API."""

    url: str
    process: subprocess.Popen[str]
    reader: threading.Thread

    def api(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call the simulated API with Basic authentication, unless ``auth`` says otherwise."""
        options.setdefault("auth", (KEY, SECRET))
        return requests.request(method, f"{self.url}/v1_1/demo{path}", timeout=30, **options)

    def control(self, method: str, path: str, document: Any = None, query: dict[str, str] | None = None) -> Any:
        """Call the control API and return its JSON."""
        answer = requests.request(method, f"{self.url}/_simulator{path}", json=document, params=query, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def settings(self, **changes: Any) -> None:
        self.control("PUT", "/settings", changes)

    def add_metadata_fields(self, *external_ids: str) -> None:
        """Define text fields of structured metadata."""
        for external_id in external_ids:
            field = {"external_id": external_id, "label": external_id, "type": "string"}
            assert self.api("POST", "/metadata_fields", json=field).ok

    def mode(self, public_id: str, mode: str, **more: Any) -> None:
        self.control("PUT", "/mode", {"public_id": public_id, "mode": mode, **more})

    def deliveries(self, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", "/deliveries", query=query)["deliveries"]
        return found

    def calls(self, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("GET", "/calls", query=query)["calls"]
        return found


def eventually[T](probe: Callable[[], T | Literal[False]]) -> T:
    """Call ``probe`` until its result is truthy, and return that."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not (result := probe()):
        assert time.monotonic() < deadline, "the condition did not become true"
        time.sleep(0.02)
    return result


def launch(*arguments: str) -> Simulator:
    """Start the simulator on a free port and return it once it is healthy.

    It takes any bytes for a picture, unless ``arguments`` say otherwise.
    """
    command = [sys.executable, "-m", "simulator", "--port", "0", "--unreadable-files", "accept", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    output = process.stdout
    assert output is not None
    first = output.readline()
    url = first.partition("listening on ")[2].partition(",")[0]
    assert url, first

    def drain() -> None:
        """Read on, so that the process never waits for a full pipe."""
        with output:
            output.read()

    simulator = Simulator(url, process, threading.Thread(target=drain))
    simulator.reader.start()
    eventually(lambda: requests.get(f"{url}/_simulator/health", timeout=30).ok)
    return simulator


def stop(simulator: Simulator) -> int:
    """Stop a simulator by SIGTERM and return its exit code."""
    simulator.process.terminate()
    try:
        return simulator.process.wait(timeout=30)
    finally:
        simulator.process.kill()
        simulator.reader.join()


KEYS = ("--key", f"{SIGNING_KEY}:{SIGNING_SECRET}", "--key", f"{KEY}:{SECRET}")
