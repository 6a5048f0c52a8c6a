"""The Admin API's hourly limit."""

from simulator.clock import Clock, http_date, plain
from simulator.errors import ApiError
from simulator.live import Live

_HOUR = 3600


class AdminBudget:
    """Counts Admin calls in the current hour of the clock; the count begins again on the hour."""

    def __init__(self, clock: Clock, live: Live) -> None:
        self._clock = clock
        self._live = live
        self._hour = 0
        self._used = 0

    @property
    def used(self) -> int:
        """Calls counted in this hour."""
        self._roll()
        return self._used

    @used.setter
    def used(self, calls: int) -> None:
        self._roll()
        self._used = calls

    def spend(self) -> None:
        """Count one call; raises ``ApiError`` 420 where the limit is reached, with Cloudinary's text."""
        limit = self._live.settings.admin_limit
        if self.used >= limit:
            raise ApiError(420, limit_text(limit, self._reset_at()))
        self._used += 1

    def headers(self) -> dict[str, str]:
        """Return the ``X-FeatureRateLimit-*`` headers of every Admin answer."""
        limit = self._live.settings.admin_limit
        return {
            "X-FeatureRateLimit-Limit": str(limit),
            "X-FeatureRateLimit-Remaining": str(max(0, limit - self.used)),
            "X-FeatureRateLimit-Reset": http_date(self._reset_at()),
        }

    def _reset_at(self) -> float:
        return float((int(self._clock.now()) // _HOUR + 1) * _HOUR)

    def _roll(self) -> None:
        hour = int(self._clock.now()) // _HOUR
        if hour != self._hour:
            self._hour, self._used = hour, 0


def limit_text(limit: int, reset_at: float) -> str:
    """Return the message of a refused Admin call."""
    return f"Rate Limit Exceeded. Limit of {limit} api operations reached. Try again on {plain(reset_at)} UTC"
