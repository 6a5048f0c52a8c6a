"""Measurements of the service's own health. Fields ending in ``_at`` are unix milliseconds."""

from typing import Literal, NamedTuple

from msgspec import Struct

Share = Literal["live", "polls", "spare", "hints"]
"""The part of the Admin API's hourly limit that a call counts against (``autotag.domain.model.admin_shares``)."""


class DueAsset(Struct, frozen=True):
    """An asset with due work, and since when. A time in the future: its work is not due yet."""

    asset_id: str
    due_at: int


class Depth(Struct, frozen=True):
    """Approximate numbers of messages in a queue: waiting, and in flight (received but not yet finished)."""

    waiting: int
    in_flight: int


class HourBudget(Struct, frozen=True):
    """Admin API calls reserved in this hour, ``hints`` of them for hints.

    ``closed``: no more calls until the next hour, since only the reserve was left.
    """

    used: int
    closed: bool
    hints: int = 0


class DetectUsage(Struct, frozen=True):
    """Calls of Rekognition reserved in this day (UTC), and how many it may have.

    ``model`` is the label model that answered last, ``earlier`` the one before, which answered until ``since``
    (unix milliseconds); "": none is known.
    """

    used: int
    cap: int
    model: str = ""
    earlier: str = ""
    since: int = 0


class Opened(Struct, frozen=True):
    """An open circuit breaker: no calls to Cloudinary until ``until_at``, because of its response ``reason``."""

    until_at: int
    reason: str


class LastAudit(Struct, frozen=True):
    """The latest audit, accurate to the minute; ``at`` is ISO 8601 in UTC."""

    audit_id: str
    at: str
    outcome: str


class RateLimit(NamedTuple):
    """The Admin API's ``X-FeatureRateLimit-*`` headers; ``reset_at`` is in unix seconds."""

    limit: int
    remaining: int
    reset_at: int
