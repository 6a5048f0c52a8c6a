"""Made-up histories of people's doing, by thresholds that are known to be right, for learning to find them again."""

import random
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.model.verdicts import Bar, Sample
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.service.operations.scan import Scan, scan
from autotag_cli.stack.scan.scanned_asset import DECODER, RawPage

UPLOADED = 1_791_460_800
"""Unix seconds."""
AT = UPLOADED * 1000 + 60_000
"""When people said something (ms)."""
LOWEST = 0.3
"""The lowest confidence in these histories."""
PROVIDER = "aws_rek_tagging"


class Known(NamedTuple):
    """The right threshold of a label, what the rules have, and on how many assets people were asked about it at random.

    ``noisy`` of them they judge wrongly.
    """

    right: float
    old: float
    judged: int
    noisy: int = 0


def history(labels: Mapping[str, Known], seed: int) -> Iterator[AssetState]:
    """Yield assets with one label each, about which people answered what the right thresholds say."""
    dice = random.Random(seed)
    number = 0
    for name, known in labels.items():
        mistaken = set(dice.sample(range(known.judged), known.noisy))
        for i in range(known.judged):
            number += 1
            confidence = round(LOWEST + (1 - LOWEST) * (i + dice.random()) / known.judged, 4)
            yield asked(f"a{number}", name, confidence, known, mistaken=i in mistaken)


def asked(asset_id: str, name: str, confidence: float, known: Known, *, mistaken: bool = False) -> AssetState:
    """Return an asset of one label, about which a person answered a question at random."""
    is_right = (confidence >= known.right) != mistaken
    key = label_key(name)
    answer: Literal["accept", "reject"] = "accept" if is_right else "reject"
    sample = Sample(AT, name, key, round(confidence * 10_000), "0" * 12, Bar(known.old), answer, AT)
    wish = TagPreference("add" if is_right else "remove", AT, name, (key,), answer="an answer", rules="0" * 12)
    return replace(unjudged(asset_id, name, confidence), people={key: wish}, samples={key: sample})


def added_by_hand(asset_id: str, name: str, confidence: float) -> AssetState:
    """Return an asset whose tag a person added themselves."""
    key = label_key(name)
    return replace(unjudged(asset_id, name, confidence), people={key: TagPreference("add", AT, name, (key,))})


def unjudged(asset_id: str, name: str, confidence: float, *, managed: bool = False) -> AssetState:
    """Return an asset of one label, on which nobody said anything. ``managed``: it has the tag."""
    return AssetState(
        AssetRef(asset_id, asset_id, "image", "upload", UPLOADED),
        "tagged",
        facts=Facts("", "jpg", {}, (), UPLOADED * 1000),
        categorizations={PROVIDER: Categorization("complete", (Label(name, confidence),), UPLOADED * 1000)},
        managed_tags={name: (label_key(name),)} if managed else {},
        final_at=UPLOADED * 1000 + 1000,
    )


def rules_text(labels: Mapping[str, Known]) -> str:
    """Return a rules file with the old thresholds."""
    tables = [f"[labels.{name}]\nthreshold = {known.old}  # as of old\n" for name, known in labels.items()]
    return "# ours\n" + "\n".join(['name = "acme"\n', "[defaults]\nthreshold = 0.7\n", *tables])


def scanned(state: AssetState) -> ScannedAsset:
    """Return a state as a scan answers it."""
    (asset,) = msgspec.json.decode(scan(_One(state), Scan()), type=RawPage).assets
    return DECODER.decode(asset)


class _One:
    """A table of one asset."""

    def __init__(self, state: AssetState) -> None:
        self._state = state

    def scan(self, *_: object) -> tuple[list[tuple[AssetState, str]], str | None]:
        return [(self._state, "behind it")], None
