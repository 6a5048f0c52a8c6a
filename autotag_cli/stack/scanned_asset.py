"""One asset as a scan returns it and as an export holds it."""

import msgspec
from msgspec import Struct

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization
from autotag.domain.state.asset_state import Status, Wish


class Scanned(Struct, frozen=True):
    """The stored state of one asset.

    ``ours`` are managed tags, ``theirs`` people's tags, ``suppressed`` keys of tags and labels. ``people`` are those of
    ``theirs`` that a person is known to have added; ``review`` are the tags in review, ``wishes`` what people last
    wanted of tags; ``decided_at`` is in unix milliseconds, 0: never. While a provider is not finished, ``stands`` holds
    what each managed tag stands for, ``givers`` which providers gave it.
    """

    asset: AssetRef
    facts: Facts | None
    categorizations: dict[str, Categorization]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    suppressed: tuple[str, ...]
    people: tuple[str, ...]
    status: Status
    review: tuple[str, ...]
    wishes: tuple[Wish, ...]
    decided_at: int
    stands: dict[str, tuple[str, ...]] = {}
    givers: dict[str, tuple[str, ...]] = {}


class RawPage(Struct, frozen=True):
    """Some undecoded assets, and the cursor of the next page; None: this was the last page of its segment."""

    assets: tuple[msgspec.Raw, ...]
    cursor: str | None


DECODER = msgspec.json.Decoder(Scanned)
"""Decodes an asset; raises ``msgspec.DecodeError`` if the text is none."""
