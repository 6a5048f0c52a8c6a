"""A Cloudinary that hangs, and what it costs: the receives of messages that were used, and the calls that waited."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from local.clients.functions import log_records
from local.clients.simulator_control import add_fault, simulator_control, times_applied
from local.core.processes import Daemon
from local.stack.services import EMULATOR
from local.stack.stack import Stack

_LONG = 3600.0
"""Seconds after which a call that hangs is dropped; every client has given up by then."""


class Hang(NamedTuple):
    """The faults under which Cloudinary hangs."""

    stack: Stack
    tagging: int
    reading: int

    def tag_calls(self) -> int:
        """Return how many calls that change tags have been made since."""
        return times_applied(self.stack, self.tagging)

    def reads(self) -> int:
        """Return how many reads of assets have been made since."""
        return times_applied(self.stack, self.reading)


@contextmanager
def hanging(stack: Stack) -> Iterator[Hang]:
    """Answer no call of the service while the block runs; uploads are answered."""
    fault = {"delay": _LONG, "drop": True}
    hang = Hang(stack, add_fault(stack, {"path": "*/tags"}, fault), add_fault(stack, {"path": "*/resources/*"}, fault))
    try:
        yield hang
    finally:
        for number in (hang.tagging, hang.reading):
            simulator_control(stack, "DELETE", f"faults/{number}")


def receives_used(stack: Stack, folder: Path) -> int:
    """Return how often the live queue's messages were received in vain: each one returned, and each batch that failed.

    ``folder`` is the run folder of the stack. A batch fails as a whole if its worker ends at the time-out.
    """
    returned = [record for record in log_records(stack, "Worker") if record.get("message") == "message_returned"]
    failed = Daemon(folder, EMULATOR).log.read_text(errors="replace").count("failed processing SQS batch")
    return len(returned) + failed
