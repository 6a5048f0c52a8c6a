"""Confidences and thresholds (0-1), moments and counts, in the form in which sentences show them."""

from datetime import UTC, datetime
from decimal import Decimal

_DECIMALS = 4
"""Decimals of a confidence. Source: cloudinary.com/documentation/aws_rekognition_auto_tagging_addon, the examples."""
_MOST_DECIMALS = 17
"""Decimals that tell any two doubles of 0.1 or more apart."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def threshold_text(threshold: float) -> str:
    """Return a threshold exactly as it is, with at least two decimals, such as ``0.60``."""
    text = format(Decimal(repr(threshold)), "f")
    whole, _, decimals = text.partition(".")
    return repr(threshold) if len(decimals) > _MOST_DECIMALS else f"{whole}.{decimals:0<2}"


def confidence_text(confidence: float, threshold: float | None = None) -> str:
    """Return a confidence with two to four decimals, or as many as it takes to be on its side of ``threshold``."""
    for decimals in range(_DECIMALS, _MOST_DECIMALS + 1):
        text = f"{confidence:.{decimals}f}"
        if threshold is None or (float(text) < threshold) == (confidence < threshold):
            whole, _, digits = text.partition(".")
            return f"{whole}.{digits.rstrip('0'):0<2}"
    return repr(confidence)


def moment_text(at: str) -> str:
    """Return an ISO 8601 time as words, to the minute and in UTC, such as ``March 3, 2026 at 14:02 UTC``."""
    moment = datetime.fromisoformat(at).astimezone(UTC)
    return f"{_MONTHS[moment.month - 1]} {moment.day}, {moment.year} at {moment:%H:%M} UTC"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which gets an s unless there is one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
