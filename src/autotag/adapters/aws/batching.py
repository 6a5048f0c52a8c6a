"""Batches of entries, each small enough for one call of a service."""

from collections.abc import Callable, Iterable, Iterator

_MOST = 10
"""Entries in one call: the limit of SQS and of EventBridge."""


def batches[T](entries: Iterable[T], size: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """Yield ``entries`` in order, in batches of one to ten entries. A batch of several has at most ``most`` bytes."""
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
