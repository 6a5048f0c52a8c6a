"""One asset as a scan answers it, and as an export holds it."""

import msgspec
from msgspec import Struct

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization
from autotag.domain.state.asset_state import Status, Wish


class Scanned(Struct, frozen=True):
    """What is stored of one asset. ``ours`` and ``theirs`` are tags, ``suppressed`` keys of tags and labels.

    ``people`` are those of ``theirs`` that a person is known to have added; ``review`` are the tags that a person is
    asked about, ``wishes`` what people last wanted of tags; ``decided_at`` is in unix milliseconds, 0: never. Where a
    provider is not through, ``stands`` tells what each of ours stands for, ``givers`` which providers gave it.
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
    """Some assets as they were answered, and where the next page begins; None: this was the last of its segment."""

    assets: tuple[msgspec.Raw, ...]
    cursor: str | None


DECODER = msgspec.json.Decoder(Scanned)
"""Reads an asset; raises ``msgspec.DecodeError`` where it is none."""
