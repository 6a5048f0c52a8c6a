"""The processor time that parts of the service take, in seconds of a whole core: measured, and then charged."""

from typing import NamedTuple


class ProcessorTime(NamedTuple):
    """Seconds of a core: a call of AWS with the service's own work around it, a call of Cloudinary, a notification.

    ``scanned_item`` is that of an item that a run's plan looks at.
    """

    aws_call: float
    cloudinary_call: float
    notification: float
    scanned_item: float = 0.001


TYPICAL = ProcessorTime(aws_call=0.0018, cloudinary_call=0.0011, notification=0.004)
"""For tests, and where nothing was measured."""
