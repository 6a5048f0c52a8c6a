"""Rules that ask for an asset's folder and context."""

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetMoved, MessageOrigin
from tests.fakes.runtime import START

MINUTE = 60_000
RULES = """
[defaults]
threshold = 0.7
[[when]]
folder = "press/**"
add = ["press photo"]
[[when]]
folder = "inbox/**"
add = ["to sort"]
[[when]]
context = { license = "editorial" }
add = ["editorial use"]
"""


def moved(folder: str, at: int = START + MINUTE) -> AssetMoved:
    ref = AssetRef("a1", "stage/a1", "image", "upload", 0)
    return AssetMoved(ref, folder, at, MessageOrigin("move", f"m{at}{folder}"))
