"""Usage and cost of a month like the last one: counted assets times counted usage, at AWS's prices."""

from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.model.labels import REKOGNITION
from autotag.domain.statistics.cost.bill import bill, plus, times
from autotag.domain.statistics.cost.usage import (
    DETECTED_IMAGE,
    HISTORY_BYTES,
    IDLE_MONTH,
    LIVE_IMAGE,
    STATE_BYTES,
    TRAFFIC_MONTH,
    Usage,
)
from autotag.domain.statistics.counts import Counts


class Estimate(NamedTuple):
    """Usage and cost of thirty days, in dollars.

    ``images`` were decided on; ``lines`` are the dollars of each part of the bill and add up to ``total``. ``idle`` is
    the cost without these images; ``tag_calls`` are calls to Cloudinary's Upload API.
    """

    images: int
    tag_calls: int
    lines: dict[str, float]
    idle: float
    total: float


def estimate(counts: Counts, *, events: bool = True) -> Estimate:
    """Return what the last thirty days have used, as if each asset decided on had been a live image.

    ``events``: whether audits are sent to the event bus; where they are while somebody listens, they count as sent.
    """
    images = counts.month.decided
    stored = Usage(table_bytes=counts.assets * (STATE_BYTES + HISTORY_BYTES))
    idle = plus(IDLE_MONTH, stored)
    image = LIVE_IMAGE if events else replace(LIVE_IMAGE, events=0)
    month = plus(plus(idle, times(image, images)), times(DETECTED_IMAGE, counts.month.labeled[REKOGNITION]))
    if images:
        month = plus(month, TRAFFIC_MONTH)
    lines = bill(month)
    return Estimate(images, counts.month.tagged, lines, sum(bill(idle).values()), sum(lines.values()))
