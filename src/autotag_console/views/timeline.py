"""Numbers over time: days, weeks or months from the first to the last, drawn as columns and said in words."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from autotag.domain.sentences.numbers import counted
from autotag.domain.statistics.distributions import DayCounts
from autotag_console.views.columns import Column, columns

_MOST = 60
"""Periods of a drawing at most, as long as days or weeks are enough."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Period(Struct, frozen=True):
    """A day, week or month by its name: how many assets were decided on last in it, and the tags that these have."""

    name: str
    assets: int
    tags: int


class Timeline(Struct, frozen=True):
    """The periods from the first to the last that holds anything. ``unit`` is day, week or month; ``words`` say it."""

    unit: str
    periods: tuple[Period, ...]
    columns: tuple[Column, ...]
    words: str


def timeline(days: Mapping[int, DayCounts]) -> Timeline:
    """Return the tags of the library by when their assets were last decided on; ``days`` are since 1970."""
    if not days:
        return Timeline("day", (), (), "No asset was decided on yet.")
    first, last = _day(min(days)), _day(max(days))
    unit = next((unit for unit, length in (("day", 1), ("week", 7)) if (last - first).days < _MOST * length), "month")
    sums: dict[date, list[int]] = {start: [0, 0] for start in _starts(unit, first, last)}
    for number, counts in days.items():
        total = sums[_start(unit, _day(number))]
        total[0] += counts.assets
        total[1] += counts.tags
    periods = tuple(Period(_name(unit, start), assets, tags) for start, (assets, tags) in sums.items())
    return Timeline(unit, periods, columns([period.tags for period in periods]), _words(unit, periods))


def _day(number: int) -> date:
    return datetime.fromtimestamp(number * 86_400, UTC).date()


def _start(unit: str, day: date) -> date:
    if unit == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if unit == "week" else day


def _starts(unit: str, first: date, last: date) -> Iterator[date]:
    start = _start(unit, first)
    while start <= last:
        yield start
        start = _start(unit, start + timedelta(days={"day": 1, "week": 7, "month": 31}[unit]))


def _name(unit: str, start: date) -> str:
    month = _MONTHS[start.month - 1]
    return f"{month} {start.year}" if unit == "month" else f"{month} {start.day}, {start.year}"


def _words(unit: str, periods: tuple[Period, ...]) -> str:
    most = max(periods, key=lambda period: period.tags)
    total = sum(period.tags for period in periods)
    span = periods[0].name if len(periods) == 1 else f"{periods[0].name} to {periods[-1].name}"
    begins = "the week of " if unit == "week" else ""
    return (
        f"Tags by {unit} of the last decision, {span}: {counted(total, 'tag')}, "
        f"the most, {most.tags:,}, {'in' if unit == 'month' else 'on' if unit == 'day' else 'in'} {begins}{most.name}."
    )
