"""The processor time that parts of the service take, in seconds of a whole core: measured, and then charged."""

from collections.abc import Mapping
from typing import NamedTuple


class ProcessorTime(NamedTuple):
    """Seconds of a core: a call of AWS with the service's own work around it, a call of Cloudinary, a notification.

    ``scanned_item`` is that of an item that a run's plan looks at.
    """

    aws_call: float
    cloudinary_call: float
    notification: float
    scanned_item: float = 0.001

    @classmethod
    def of(cls, figures: Mapping[str, float]) -> "ProcessorTime":
        """Return what is charged where an image takes so many milliseconds and calls, and so on."""
        rest = figures["image"] - figures["cloudinary_call"]
        charged = rest / figures["aws_calls"], figures["cloudinary_call"], figures["notification"]
        return cls(*(milliseconds / 1000 for milliseconds in charged))


TYPICAL = ProcessorTime(aws_call=0.0018, cloudinary_call=0.0011, notification=0.004)
"""For tests, and where nothing was measured."""
