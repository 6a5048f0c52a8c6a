"""The web server of the application: its socket, its connections, its shutdown."""

import signal
import socket
from types import FrameType

import uvicorn

from simulator.environment import Environment
from simulator.web.app import build_app

_GRACE_SECONDS = 1


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket on a loopback address. Raises ``OSError``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only if the socket declares TCP; otherwise answers take 40 ms
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


class Server(uvicorn.Server):
    """A server of ``environment`` that runs until SIGTERM or SIGINT. Shutdown does not wait for delays of faults."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(
            uvicorn.Config(
                build_app(environment),
                http="h11",
                log_config=None,
                log_level="warning",
                access_log=False,
                date_header=False,  # the API's answers have the date of the simulated clock
                proxy_headers=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self._environment = environment
        environment.connections.attach(self.server_state)

    def serve_on(self, listener: socket.socket) -> None:
        """Serve until a signal ends it. The signal does not become the process's exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _ignore)  # uvicorn raises the signal again once it has shut down
        self.run(sockets=[listener])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End delays and waits at once, then shut down as uvicorn does."""
        self._environment.background.end_pauses()
        self._environment.channels.end_waits()
        await super().shutdown(sockets)


def _ignore(number: int, frame: FrameType | None) -> None:
    """Do nothing."""
