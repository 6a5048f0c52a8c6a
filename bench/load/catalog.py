"""What can be measured: names, and the modules whose function ``rows`` measures."""

from importlib import import_module

from bench.load.rows import Row
from bench.load.setting import Setting

TIMED = {"processor": "processor", "planning": "planning", "cold-start": "cold_starts"}
"""Measurements of processor time, which run alone."""

OTHERS = {name: name for name in ("burst", "outage", "starved", "budget", "names", "memory", "resident")}
ALL = TIMED | OTHERS


def measure(name: str, setting: Setting) -> list[Row]:
    """Return the rows of a measurement."""
    found: list[Row] = import_module(f"bench.load.measurements.{ALL[name]}").rows(setting)
    return found
