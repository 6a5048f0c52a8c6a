"""How many answers of AWS a request waits for one after the other, counted without threads or time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class CriticalPath:
    """The longest chain of calls: each call takes one unit of time, and those started together begin together."""

    def __init__(self) -> None:
        self.now = 0
        self.calls: list[str] = []

    def start[T](self, call: Callable[[], T]) -> Callable[[], T]:
        """Stand for the ``Start`` port: the call begins now, and who waits for it goes on when it has ended."""
        began = self.now
        result = call()
        ended, self.now = self.now, began

        def wait() -> T:
            self.now = max(self.now, ended)
            return result

        return wait

    @contextmanager
    def counted(self, client: Any) -> Iterator[None]:
        """Count the calls of a client while the block runs."""
        event = f"before-call.{client.meta.service_model.service_id.hyphenize()}"

        def count(model: Any, **_: Any) -> None:
            self.now += 1
            self.calls.append(model.name)

        client.meta.events.register(event, count)
        try:
            yield
        finally:
            client.meta.events.unregister(event, count)
