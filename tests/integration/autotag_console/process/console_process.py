"""A console that serves, as a process or in a thread, and plain HTTP to it: any header can be set, also a wrong one."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from autotag_cli.console.run import ConsoleOptions, prepare
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Transport
from tests.unit.autotag_cli.run_command import TARGET, only_prod

COMMAND = Path(sys.executable).parent / "autotag"
PATIENCE = 30
"""Seconds within which a process starts or ends, on a busy machine too."""


class Answer(NamedTuple):
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: str


class Console:
    """A running console. ``start_url`` is the address that it printed."""

    def __init__(self, start_url: str) -> None:
        self.start_url = start_url
        parts = urlsplit(start_url)
        assert parts.port is not None
        self.port, self.start_path = parts.port, f"{parts.path}?{parts.query}"
        self.token = parts.query.partition("=")[2]
        self.host = f"127.0.0.1:{self.port}"
        self.origin = f"http://{self.host}"

    def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> Answer:
        """Send exactly these headers, and a Host of its own if they have none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            given = {name.lower(): value for name, value in (headers or {}).items()}
            connection.putrequest(method, path, skip_host="host" in given, skip_accept_encoding=True)
            for name, value in given.items():
                connection.putheader(name, value)
            if body:
                connection.putheader("content-length", str(len(body.encode())))
            connection.endheaders(body.encode() or None)
            response = connection.getresponse()
            return Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read().decode(),
            )
        finally:
            connection.close()

    def open_session(self) -> str:
        """Exchange the token; return the Cookie header of the session."""
        answer = self.request("GET", self.start_path)
        assert (answer.status, answer.headers["location"]) == (303, "/")
        return answer.headers["set-cookie"].partition(";")[0]

    def csrf(self, cookie: str) -> str:
        """Return the CSRF token that stands in the pages of a session."""
        page = self.request("GET", "/health", {"cookie": cookie}).body
        return page.split('<meta name="csrf" content="')[1].split('"')[0]


class ConsoleProcess(Console):
    """The command ``autotag console``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout is not None and process.stderr is not None
        super().__init__(process.stdout.readline().strip() or process.stderr.read())

    def end(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit code and what else was printed, on stdout and stderr."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out + err


def start_console(folder: Path, *options: str) -> "subprocess.Popen[str]":
    """Start the command in a folder, where a local stack is described."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AUTOTAG_"))}
    return subprocess.Popen(
        [COMMAND, "console", "--no-open", *options], cwd=folder, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@contextmanager
def running_process(folder: Path, *options: str) -> Iterator[ConsoleProcess]:
    """Run the command on a free port while the block runs."""
    process = start_console(folder, "--port", "0", *options)
    try:
        yield ConsoleProcess(process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)


@contextmanager
def running_thread(post: Transport, variables: Mapping[str, str]) -> Iterator[Console]:
    """Serve what the command serves from a thread while the block runs; ``post`` is the way to the ops function."""
    started = threading.Event()
    environment = Environment(variables, (), only_prod, post)
    options = ConsoleOptions(port=0, opens=False, idle=3600, idle_text="1h")
    server, listeners, url = prepare(environment, TARGET, options, lambda _: started.set())
    thread = threading.Thread(target=server.run, kwargs={"sockets": listeners})
    thread.start()
    try:
        assert started.wait(PATIENCE)
        yield Console(url)
    finally:
        server.should_exit = True
        thread.join()
