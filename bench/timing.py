"""Comparison of times on a noisy machine: contestants take turns, in processor time, and medians count."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bench.workload import Asset

TURN = 20_000
"""The length of a contestant's turn, in microseconds; a single slow asset may take longer."""


class Timed(NamedTuple):
    """A function to call on each of ``assets``, on all of them ``times`` times in one turn."""

    do: Callable[[Asset], Any]
    assets: list[Asset]
    times: int = 1


def for_a_turn(do: Callable[[Asset], Any], assets: list[Asset]) -> Timed:
    """Return the calls that fill a turn, at least one asset."""
    fit = TURN / spent(Timed(do, assets[:2]))
    return Timed(do, assets[: max(1, int(fit))], max(1, int(fit / len(assets))))


def interleaved(contestants: Mapping[str, Timed], rounds: int) -> dict[str, list[float]]:
    """Run a turn of every contestant in each round; return its microseconds an asset, by round."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, contestant in contestants.items():
            took = spent(contestant)
            if number:  # the first round fills all caches
                times[name].append(took)
    return times


def spent(timed: Timed) -> float:
    """Return the microseconds of processor time that an asset takes."""
    do, assets, times = timed
    start = time.process_time()
    for _ in range(times):
        for asset in assets:
            do(asset)
    return (time.process_time() - start) / len(assets) / times * 1e6


def ratio(times: list[float], others: list[float]) -> float:
    """Return the median of the rounds' own ratios: what slows a whole round down cancels out."""
    return statistics.median(a / b for a, b in zip(times, others, strict=True))
