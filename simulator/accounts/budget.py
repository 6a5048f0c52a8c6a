"""The Admin API's hourly limit."""

from msgspec import Struct

from simulator.core.clock import Clock, http_date, utc_text
from simulator.core.database import Database, Table
from simulator.core.errors import ApiError
from simulator.core.live_settings import LiveSettings

_HOUR_SECONDS = 3600
_KEY = "hour"


class _Hour(Struct, frozen=True):
    """The calls of one hour. ``number`` is the hour in unix hours, ``used`` the number of calls."""

    number: int
    used: int


class AdminBudget:
    """A counter of Admin calls in the current hour of the clock. It restarts at 0 on the hour."""

    def __init__(self, clock: Clock, settings: LiveSettings, database: Database) -> None:
        self._clock = clock
        self._settings = settings
        self._hours = Table(database, "admin_budget", _Hour)

    @property
    def used(self) -> int:
        """The number of calls in this hour."""
        hour = self._hours.get(_KEY)
        return hour.used if hour and hour.number == self._hour_number() else 0

    @used.setter
    def used(self, calls: int) -> None:
        self._hours.save(_KEY, _Hour(self._hour_number(), calls))

    def spend(self) -> None:
        """Count one call. Raises ``ApiError`` 420 with Cloudinary's text if the limit is reached."""
        limit = self._settings.current.admin_limit
        if self.used >= limit:
            raise ApiError(420, limit_text(limit, self._reset_at()))
        self.used += 1

    def headers(self) -> dict[str, str]:
        """Return the ``X-FeatureRateLimit-*`` headers of every Admin answer."""
        limit = self._settings.current.admin_limit
        return {
            "X-FeatureRateLimit-Limit": str(limit),
            "X-FeatureRateLimit-Remaining": str(max(0, limit - self.used)),
            "X-FeatureRateLimit-Reset": http_date(self._reset_at()),
        }

    def _reset_at(self) -> float:
        return float((self._hour_number() + 1) * _HOUR_SECONDS)

    def _hour_number(self) -> int:
        return int(self._clock.now()) // _HOUR_SECONDS


def limit_text(limit: int, reset_at: float) -> str:
    """Return the message of a refused Admin call."""
    return f"Rate Limit Exceeded. Limit of {limit} api operations reached. Try again on {utc_text(reset_at)} UTC"
