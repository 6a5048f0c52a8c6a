"""What a run is about, why assets failed in it, and how long it takes, in words."""

from collections.abc import Mapping
from typing import Any

from autotag.domain.model.audit import iso
from autotag.domain.runs.progress import Counts

_NAMED = 5
"""Values of a list that are named."""


_NAMES = {"public_id": "public_id", "rules_before": "last decided by rules before number", "statuses": "status"}
"""What fields are called where their names alone do not say what is chosen."""


def selection_text(chosen: Mapping[str, Any]) -> str:
    """Return a selection in one line, such as ``folder zoo/**, since 2026-10-01T00:00:00.000Z``."""
    return ", ".join(
        f"{_NAMES.get(name, name.replace('_', ' '))} {_selected_value(name, value)}" for name, value in chosen.items()
    )


def _selected_value(name: str, value: Any) -> str:
    if name in ("since", "until"):
        return iso(value)
    if isinstance(value, list):
        more = f", … {len(value) - _NAMED:,} more" if len(value) > _NAMED else ""
        return ", ".join(map(str, value[:_NAMED])) + more
    return "yes" if value is True else str(value)


def explain_failures(counts: Counts) -> tuple[str, ...]:
    """Return a sentence for each reason for which assets failed. An older service counts them all as refused."""
    refused = counts.failed - counts.gone - counts.too_large
    reasons = (
        (counts.gone, "no longer in Cloudinary", "Nothing is left to do."),
        (counts.too_large, "too large to be stored", "The log of the worker names each (item_too_large)."),
        (refused, "refused by Cloudinary", "Its reason stands in the history of each asset."),
    )
    return tuple(
        f"{number:,} {'asset was' if number == 1 else 'assets were'} {what}. {then}"
        for number, what, then in reasons
        if number > 0
    )


def duration_words(seconds: float) -> str:
    """Return about how long something takes, such as ``about 12 minutes``."""
    if seconds < 90:
        return "about a minute" if seconds > 30 else "less than a minute"
    minutes = seconds / 60
    if minutes < 90:
        return f"about {minutes:.0f} minutes"
    hours = minutes / 60
    return f"about {hours:.0f} hours" if hours < 48 else f"about {hours / 24:.0f} days"
