"""Calls at the same time, each in a thread: they wait for answers, and a thread that waits costs nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 32
"""Calls at the same time: one for each partition of an index, and room for others; one for each asset of a batch.

The clients of AWS (``adapters.aws.client``) and of Cloudinary (``adapters.cloudinary.http``) keep as many connections.
"""


class Threads:
    """Implements the ``Start`` port. The threads are made on first use, and kept for later requests."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="autotag")

    def __call__[T](self, call: Callable[[], T]) -> Callable[[], T]:
        """Start ``call``, and return a function that waits for its result, or raises its error."""
        return self._pool.submit(call).result
