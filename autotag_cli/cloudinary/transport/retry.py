"""Retries of calls to Cloudinary: which are made, and after which wait."""

import time
from email.utils import parsedate_to_datetime
from typing import Self

from urllib3.exceptions import InvalidHeader
from urllib3.response import BaseHTTPResponse

from autotag.adapters.cloudinary.http import ShortRetry
from autotag_cli.cloudinary.responses import RATE_LIMITED

_TRIES = 6
_NO_EFFECT = frozenset({408, *RATE_LIMITED, 423})
_LONGEST_BACKOFF = 10.0
_LONGEST_WAIT = 60.0
"""The longest wait, in seconds, that a response may ask for; a longer one is reported to the person instead."""


class PatientRetry(ShortRetry):
    """Retries after temporary failures, with any method: lost connections, 408, 420, 423, 429 and 5xx.

    If the Admin limit is used up, they wait for its reset, if that is near.
    """

    longest = _LONGEST_WAIT

    @classmethod
    def usual(cls) -> Self:
        """Return the retry policy of one call."""
        return cls(
            total=_TRIES - 1,
            status_forcelist=_NO_EFFECT | {500, 502, 503, 504},
            allowed_methods=None,
            backoff_factor=0.25,
            backoff_max=_LONGEST_BACKOFF,
            backoff_jitter=0.25,
            raise_on_status=False,
        )

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return the seconds that a response asks to wait, None if it does not say."""
        try:
            seconds = super().get_retry_after(response)
        except InvalidHeader:
            seconds = None
        if seconds is None and response.status in RATE_LIMITED:
            return _until_reset(response)
        return seconds


class OnceRetry(PatientRetry):
    """Retries only of calls that certainly had no effect: without a connection, or refused.

    A lost response and a 5xx are not retried, even if the response asks for it: the call may have taken effect.
    """

    RETRY_AFTER_STATUS_CODES = frozenset()

    @classmethod
    def usual(cls) -> Self:
        """Return the retry policy of one call."""
        return super().usual().new(read=0, other=0, status_forcelist=_NO_EFFECT)


def _until_reset(response: BaseHTTPResponse) -> float | None:
    if response.headers.get("X-FeatureRateLimit-Remaining") != "0":
        return None
    try:
        reset_at = parsedate_to_datetime(response.headers["X-FeatureRateLimit-Reset"]).timestamp()
    except (KeyError, ValueError):
        return None
    return max(1.0, reset_at - time.time())
