"""The labels in Cloudinary's answer about one asset, by the add-on that found them."""

from collections.abc import Mapping
from typing import Any

from autotag.domain.labels import Categorization, parse_categorization


def categorizations(answer: Mapping[str, Any]) -> dict[str, Categorization]:
    """Return the result of each add-on."""
    info = answer.get("info")
    stored = info.get("categorization") if isinstance(info, dict) else None
    if not isinstance(stored, dict):
        return {}
    return {
        str(provider): parse_categorization(entry.get("status"), entry.get("data"), 0)
        for provider, entry in stored.items()
        if isinstance(entry, dict)
    }


def texts(value: object) -> list[str]:
    """Return the texts of a list, such as tags."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
