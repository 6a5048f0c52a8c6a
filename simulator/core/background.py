"""Background work: deliveries, categorizations that complete later, and the delays of faults."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any


class Background:
    """The running background tasks. All of them end with the process or with a reset."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._ending = asyncio.Event()

    @property
    def running(self) -> int:
        """The number of tasks that have not ended."""
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` as a background task."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def call_later(self, seconds: float, action: Callable[[], None]) -> None:
        """Call ``action`` after ``seconds`` of real time."""

        async def wait() -> None:
            await asyncio.sleep(seconds)
            action()

        self.start(wait())

    async def pause(self, seconds: float) -> None:
        """Wait for ``seconds``, or until the process shuts down."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    def end_pauses(self) -> None:
        """End all pauses at once."""
        self._ending.set()

    def cancel(self) -> None:
        """Cancel every task, without waiting."""
        for task in self._tasks:
            task.cancel()

    async def stop(self) -> None:
        """Cancel every task and wait until all have ended."""
        self.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
