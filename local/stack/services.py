"""The two long-lived processes of a local stack: the AWS emulator and the simulated Cloudinary."""

import sys
from collections.abc import Mapping
from pathlib import Path

import requests

from local.core.credentials import (
    AWS_ENVIRONMENT,
    CLOUD_NAME,
    NOTIFICATION_KEY,
    NOTIFICATION_SECRET,
    WRITER_KEY,
    WRITER_SECRET,
)
from local.core.loopback_http import http_request
from local.core.paths import PROJECT, clean_environment, tool_path
from local.core.ports import free_port
from local.core.processes import Daemon, daemon_error, start_daemon
from local.core.waiting import until

EMULATOR = "ministack"
SIMULATOR = "simulator"
NAMES = (SIMULATOR, EMULATOR)
"""In the order in which they are stopped."""

_ATTEMPTS = 3
_READY_WITHIN = 20.0


def start_emulator(folder: Path, function_variables: Mapping[str, str] | None = None) -> str:
    """Start MiniStack in ``folder`` on a port of its own and return its URL once it answers.

    ``function_variables`` are environment variables that the functions see besides their own.
    """
    command = tool_path("ministack", "ministack")
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    for attempt in range(_ATTEMPTS):
        port = free_port()
        # Functions inherit this whole environment, so it has no variable of the user's.
        environment = {
            **AWS_ENVIRONMENT,
            "HOME": str(folder),
            "PATH": f"{command.parent}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TMPDIR": str(temporary),
            "BIND_HOST": "127.0.0.1",  # the default binds every interface
            "MINISTACK_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            **(function_variables or {}),
        }
        daemon = start_daemon(folder, EMULATOR, [command], environment)
        url = f"http://127.0.0.1:{port}"
        if _wait_until_ready(daemon, f"{url}/_ministack/health"):
            return url
        daemon.stop()
        if attempt + 1 == _ATTEMPTS:  # another program may have taken the port in between
            raise daemon_error(daemon, f"ended before it answered, {_ATTEMPTS} times")
    raise AssertionError("unreachable")


def start_simulator(folder: Path, port: int, time_scale: float, s3_endpoint: str | None = None) -> str:
    """Start the simulated Cloudinary on ``port`` and return its URL once it answers.

    Waits between the attempts to deliver a notification are divided by ``time_scale``. Its Rekognition reads objects
    from the S3 at ``s3_endpoint``.
    """
    command = [
        sys.executable, "-m", "simulator", "--port", str(port), "--cloud", CLOUD_NAME,
        "--key", f"{NOTIFICATION_KEY}:{NOTIFICATION_SECRET}", "--key", f"{WRITER_KEY}:{WRITER_SECRET}",
        "--time-scale", str(time_scale), *(("--s3-endpoint", s3_endpoint) if s3_endpoint else ()),
    ]  # fmt: skip
    daemon = start_daemon(folder, SIMULATOR, command, clean_environment(PYTHONPATH=str(PROJECT)))
    url = f"http://127.0.0.1:{port}"
    if not _wait_until_ready(daemon, f"{url}/_simulator/health"):
        raise daemon_error(daemon, "ended before it answered")
    return url


def _wait_until_ready(daemon: Daemon, health: str) -> bool:
    """Wait until the service is ready (return True) or its process has ended (return False)."""

    def ready_or_ended() -> str | None:
        if not daemon.is_alive():
            return "ended"
        try:
            return "ready" if http_request("GET", health).ok else None
        except requests.ConnectionError:
            return None

    return until(ready_or_ended, f"{daemon.name} answers", within=_READY_WITHIN, every=0.05) == "ready"
