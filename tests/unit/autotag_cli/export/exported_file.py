"""An exported file, and how many assets it holds."""

import json
from pathlib import Path

ASSETS = 1000


def ids(path: Path) -> list[str]:
    """Return the asset_ids in an exported file, in its order."""
    first, *lines = path.read_text().splitlines()
    assert json.loads(first)["autotag_export"] == 1
    return [json.loads(line)["asset"]["asset_id"] for line in lines]
