"""Made-up histories of people's doing, by thresholds that are known to be right, for learning to find them again."""

import random
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import Rules
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.domain.state.scanned_asset import ScannedAsset
from autotag.service.operations.scan import Scan, scan
from autotag_cli.stack.scan.scanned_asset import DECODER, RawPage

UPLOADED = 1_791_460_800
"""Unix seconds."""
LOWEST = 0.3
"""From this confidence on people are asked, in these histories."""
PROVIDER = "aws_rek_tagging"


class Known(NamedTuple):
    """The right threshold of a label, what the rules have, and on how many assets it was judged, ``noisy`` wrongly."""

    right: float
    old: float
    judged: int
    noisy: int = 0


def history(labels: Mapping[str, Known], seed: int) -> Iterator[AssetState]:
    """Yield assets with one label each, on which people did what the right thresholds say."""
    dice = random.Random(seed)
    number = 0
    for name, known in labels.items():
        mistaken = set(dice.sample(range(known.judged), known.noisy))
        for i in range(known.judged):
            number += 1
            confidence = round(LOWEST + (1 - LOWEST) * (i + dice.random()) / known.judged, 4)
            yield judged(f"a{number}", name, confidence, known, mistaken=i in mistaken)


def judged(asset_id: str, name: str, confidence: float, known: Known, *, mistaken: bool = False) -> AssetState:
    """Return an asset of one label, and a note of a person's own, which says that they were there."""
    is_right = (confidence >= known.right) != mistaken
    kept = confidence >= known.old
    key, at = label_key(name), UPLOADED * 1000 + 60_000
    people = {"seen": TagPreference("add", at, "seen")}
    if is_right != kept:
        people[key] = TagPreference("add" if is_right else "remove", at, name, (key,))
    elif not kept:
        people[key] = TagPreference("remove", at, name, (key,))  # rejected when asked about it
    return AssetState(
        AssetRef(asset_id, asset_id, "image", "upload", UPLOADED),
        "tagged",
        facts=Facts("", "jpg", {}, (), UPLOADED * 1000),
        categorizations={PROVIDER: Categorization("complete", (Label(name, confidence),), UPLOADED * 1000)},
        managed_tags={name: (key,)} if kept and is_right else {},
        people=people,
        final_at=UPLOADED * 1000 + 1000,
    )


def rules_text(labels: Mapping[str, Known]) -> str:
    """Return a rules file with the old thresholds."""
    tables = [f"[labels.{name}]\nthreshold = {known.old}  # as of old\n" for name, known in labels.items()]
    return "# ours\n" + "\n".join(['name = "acme"\n', f"[defaults]\nthreshold = 0.7\nreview = {LOWEST}\n", *tables])


def rules_of(labels: Mapping[str, Known]) -> Rules:
    """Return the old rules."""
    return parse_rules(rules_text(labels))


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
