"""The pages of a scan, and how their assets are decoded."""

import msgspec
from msgspec import Struct

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.conversion import decoder


class RawPage(Struct, frozen=True):
    """Some undecoded assets, and the cursor of the next page; None: this was the last page of its segment."""

    assets: tuple[msgspec.Raw, ...]
    cursor: str | None


DECODER = decoder(ScannedAsset)
"""Decodes an asset; raises ``msgspec.DecodeError`` if the text is none."""
