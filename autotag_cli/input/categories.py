"""The categories that this machine knows: those of the imported list, and of a library's own answers by Rekognition."""

from pathlib import Path

from autotag.domain.rules_text.categories import KnownCategories
from autotag_cli.input.imported_labels import IMPORTED, load_list
from autotag_cli.input.seen_labels import SEEN, load_seen


def known_categories() -> KnownCategories:
    """Return the categories of the files that are there. Raises ``Invalid`` if a file cannot be used."""
    seen = load_seen(SEEN) if Path(SEEN).is_file() else None
    return KnownCategories(
        load_list() if Path(IMPORTED).is_file() else None, seen.detected_categories if seen else None
    )
