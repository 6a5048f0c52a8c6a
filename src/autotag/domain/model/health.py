"""Signs of the service's own health, as they are read next to the data. ``_at`` is in unix milliseconds."""

from typing import Literal, NamedTuple

from msgspec import Struct

Share = Literal["live", "spare", "hints"]
"""What part of the Admin API's hourly allowance a call is taken out of."""


class Overdue(Struct, frozen=True):
    """The asset that has been due for longest, and since when; a moment ahead: nothing is overdue."""

    asset_id: str
    due_at: int


class Depth(Struct, frozen=True):
    """Messages of a queue, about: those that wait, and those that somebody has received and not yet finished."""

    waiting: int
    in_flight: int


class HourBudget(Struct, frozen=True):
    """Admin calls reserved in this hour, ``hints`` of them for hints; ``closed``: no more until the next hour.

    That is so where only the reserve was left.
    """

    used: int
    closed: bool
    hints: int = 0


class Opened(Struct, frozen=True):
    """Until when nobody calls Cloudinary, and what it had answered."""

    until_at: int
    reason: str


class LastAudit(Struct, frozen=True):
    """The youngest audit, to the minute; ``at`` is ISO 8601 in UTC."""

    audit_id: str
    at: str
    outcome: str


class RateLimit(NamedTuple):
    """The Admin API's ``X-FeatureRateLimit-*`` headers; ``reset_at`` is in unix seconds."""

    limit: int
    remaining: int
    reset_at: int
