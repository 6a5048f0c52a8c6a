"""``autotag console`` as a process of its own, as an operator starts it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from local.core.errors import LocalError
from local.core.paths import PROJECT
from local.stack.stack import Stack


class ConsoleProcess(NamedTuple):
    """A running console: the address that it printed, which opens it once."""

    start_url: str

    @property
    def url(self) -> str:
        """Its address without a path."""
        parts = urlsplit(self.start_url)
        return f"{parts.scheme}://{parts.netloc}"


@contextmanager
def running_console(stack: Stack, log: Path, *options: str) -> Iterator[ConsoleProcess]:
    """Run the console of a stack on a free port while the block runs. Raises ``LocalError`` if it does not start."""
    autotag = Path(sys.executable).parent / "autotag"
    command: list[str | Path] = [autotag, "console", "--no-open", "--port", "0", "--stack", stack.stack, *options]
    environment = stack.environment(CLOUDINARY_URL=stack.cloudinary_url)
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
            text=True,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            printed = process.stdout.readline().strip()
            if not printed:
                raise LocalError(f"autotag console printed no address: {log.read_text('utf-8', 'replace')}")
            yield ConsoleProcess(printed)
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.close()
            process.wait(10)
