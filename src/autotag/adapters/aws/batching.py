"""Cutting what is sent to a service into calls that it takes."""

from collections.abc import Callable, Iterable, Iterator

_MOST = 10
"""Entries of one call; SQS and EventBridge take as many."""


def batches[T](entries: Iterable[T], size: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """Yield ``entries`` in order, up to ten at a time and together at most ``most`` bytes, one at least."""
    batch: list[T] = []
    total = 0
    for entry in entries:
        bytes_ = size(entry)
        if batch and (len(batch) == _MOST or total + bytes_ > most):
            yield batch
            batch, total = [], 0
        batch.append(entry)
        total += bytes_
    if batch:
        yield batch
