"""Times as people give them: an ISO date or time, or an age."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from autotag.domain.errors import Invalid

_AGE = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_EXPECTED = "expected a date or time such as 2026-10-31 or 2026-10-31T08:00Z, or an age such as 7d or 12h"


class Period(NamedTuple):
    """A period, in unix milliseconds; 0 is no bound."""

    since: int = 0
    until: int = 0


def parse_period(since: str | None, until: str | None, now: float) -> Period:
    """Parse both ends of a period; ``now`` is in unix seconds.

    Raises ``Invalid`` with the option if its text is no time, or if the period is empty or begins in the future."""
    period = Period(_parse_moment(since, "--since", now), _parse_moment(until, "--until", now))
    if period.since > now * 1000:
        raise Invalid("--since", f"expected a time in the past, not {since}")
    if period.until and period.until < period.since:
        raise Invalid("--until", f"expected a time after --since, not {until}")
    return period


def parse_duration(text: str, option: str) -> float:
    """Return the seconds of a duration such as ``8h``; raises ``Invalid`` with the option if it is none, or zero."""
    found = _AGE.fullmatch(text)
    seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if not seconds:
        raise Invalid(option, f"expected a duration such as 8h or 30m, not {text!r}")
    return seconds


def _parse_moment(text: str | None, option: str, now: float) -> int:
    if text is None:
        return 0
    if age := _AGE.fullmatch(text):
        seconds = now - float(age[1]) * _SECONDS[age[2]]
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise Invalid(option, f"{_EXPECTED}, not {text!r}") from error
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if seconds <= 0:
        raise Invalid(option, f"expected a time after 1970, not {text!r}")
    return round(seconds * 1000)
