"""Waiting for a condition, with a deadline."""

import time
from collections.abc import Callable

from local.core.errors import LocalError


def until[T](condition: Callable[[], T | None], what: str, *, within: float, every: float = 0.1) -> T:
    """Call ``condition`` every ``every`` seconds until it returns something true, and return that.

    Raises ``LocalError`` naming ``what`` if that takes more than ``within`` seconds.
    """
    deadline = time.monotonic() + within
    while True:
        if answer := condition():
            return answer
        if time.monotonic() >= deadline:
            raise LocalError(f"{what}: not within {within:.0f} s.")
        time.sleep(every)
