"""Comparison of times on a noisy machine: contestants take turns, in processor time, and medians count."""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bench.workload import Asset

TURN = 20_000
"""The length of a contestant's turn, in microseconds; a single slow asset may take longer."""


class TimedCalls(NamedTuple):
    """A function to call on each of ``assets``, ``times`` times in one turn."""

    function: Callable[[Asset], Any]
    assets: list[Asset]
    times: int = 1


def fill_turn(function: Callable[[Asset], Any], assets: list[Asset]) -> TimedCalls:
    """Return the calls that fill a turn, at least one asset."""
    assets_per_turn = TURN / microseconds_per_asset(TimedCalls(function, assets[:2]))
    return TimedCalls(function, assets[: max(1, int(assets_per_turn))], max(1, int(assets_per_turn / len(assets))))


def time_in_turns(contestants: Mapping[str, TimedCalls], rounds: int) -> dict[str, list[float]]:
    """Run a turn of every contestant in each round; return its microseconds an asset, by round."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, contestant in contestants.items():
            duration = microseconds_per_asset(contestant)
            if number:  # the first round fills all caches
                times[name].append(duration)
    return times


def microseconds_per_asset(calls: TimedCalls) -> float:
    """Return the microseconds of processor time that an asset takes."""
    function, assets, times = calls
    start = time.process_time()
    for _ in range(times):
        for asset in assets:
            function(asset)
    return (time.process_time() - start) / len(assets) / times * 1e6


def median_ratio(times: list[float], others: list[float]) -> float:
    """Return the median of the rounds' own ratios: what slows a whole round down cancels out."""
    return statistics.median(a / b for a, b in zip(times, others, strict=True))
