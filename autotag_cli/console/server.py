"""The web server of the console: its sockets on loopback, and when it ends."""

import errno
import os
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from autotag.domain.errors import Invalid
from autotag_cli.errors import Failure

FIRST_PORT = 8421
_PORTS = 20
"""Ports that are tried, from ``FIRST_PORT`` on, if none is named."""

_GRACE_SECONDS = 2
_HOSTS = (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6))


def listen(port: int | None) -> list[socket.socket]:
    """Return sockets that listen on a port of this machine alone, over IPv4 and, where there is one, over IPv6.

    ``port``: None is the first free one from ``FIRST_PORT`` on, 0 any free one. Raises ``Invalid`` if the port is
    taken, ``Failure`` if none is free.
    """
    if port is not None:
        try:
            return _listen_on(port)
        except OSError as error:
            why = "is taken by another program" if error.errno == errno.EADDRINUSE else str(error.strerror)
            raise Invalid("--port", f"{port} {why}, expected a free one, or none to have one chosen") from error
    for candidate in range(FIRST_PORT, FIRST_PORT + _PORTS):
        try:
            return _listen_on(candidate)
        except OSError:
            continue
    raise Failure(f"all ports from {FIRST_PORT} to {FIRST_PORT + _PORTS - 1} are taken: name a free one with --port")


def _listen_on(port: int) -> list[socket.socket]:
    """Raises ``OSError`` if either address is taken: another program's page must not stand where this one's should."""
    opened: list[socket.socket] = []
    try:
        for host, family in _HOSTS:
            try:
                opened.append(_bound(host, family, port))
            except OSError as error:
                if not opened or error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                    raise
            port = opened[0].getsockname()[1]
    except OSError:
        for each in opened:
            each.close()
        raise
    return opened


def _bound(host: str, family: socket.AddressFamily, port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only if the socket declares TCP; otherwise answers take 40 ms
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it lets two programs listen on one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


class ConsoleServer(uvicorn.Server):
    """Serves an application until Ctrl-C or SIGTERM, or until ``idle`` seconds pass without a request.

    ``on_start`` is called once requests are answered; ``now`` returns seconds.
    """

    def __init__(
        self, app: Starlette, idle: float, on_start: Callable[[], None], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._app, self._idle, self._on_start, self._now = app, idle, on_start, now
        self._last_used = now()
        self.ended_idle = False
        super().__init__(
            uvicorn.Config(
                self._noticed,
                interface="asgi3",
                http="h11",
                ws="none",
                lifespan="on",
                log_config=None,
                log_level="warning",
                access_log=False,  # addresses may hold the token
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )

    def serve_on(self, listeners: list[socket.socket]) -> None:
        """Serve until the end, in the main thread. A signal does not become the process's exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _ignore)  # uvicorn raises the signal again once it has shut down
        self.run(sockets=listeners)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, as uvicorn does, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_start()

    async def on_tick(self, counter: int) -> bool:
        """Return whether to end; called ten times a second."""
        self.ended_idle = self._now() - self._last_used > self._idle
        return await super().on_tick(counter) or self.ended_idle

    async def _noticed(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._last_used = self._now()
        await self._app(scope, receive, send)


def _ignore(number: int, _frame: FrameType | None) -> None:
    """Stand for the handler of a signal that has had its effect."""
