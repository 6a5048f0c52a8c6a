"""Scanned assets on which people said something, and the evidence of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from autotag.domain.learning.asset_labels import asset_labels
from autotag.domain.learning.evidence import Evidence, collect_evidence
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.learning.verdicts import Said, what_people_said
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.model.verdicts import Bar, Left, Sample
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.state.asset_state import TagPreference

UPLOADED = 1_791_460_800
"""Unix seconds."""
AT = UPLOADED * 1000 + 60_000
"""When people said something (ms)."""
BAR = Bar(0.7, 0.3)
RULES = "[defaults]\nthreshold = 0.7\nreview = 0.3\n"
UNASKED = "[defaults]\nthreshold = 0.7\n"


def asset(labels: Mapping[str, float], number: int = 0, **changes: Any) -> ScannedAsset:
    """Return an asset with these labels, each with its tag if it is above 0.7, on which nobody said anything."""
    found = tuple(Label(name, confidence) for name, confidence in labels.items())
    known = ScannedAsset(
        asset=AssetRef(f"a{number}", f"zoo/{number}", "image", "upload", UPLOADED),
        facts=Facts("zoo", "jpg", {}, (), UPLOADED * 1000),
        categorizations={"aws_rek_tagging": Categorization("complete", found, UPLOADED * 1000)},
        managed_tags=tuple(name for name, confidence in labels.items() if confidence >= 0.7),
        user_tags=(),
        suppressed=(),
        person_tags=(),
        status="tagged",
        review=(),
        preferences=(),
        decided_at=UPLOADED * 1000 + 1000,
    )
    return replace(known, **changes)


def removed(tag: str, at: int = AT, bar: Bar | None = BAR, **changes: Any) -> TagPreference:
    """Return a removal by an edit; ``bar`` None: recorded by an earlier release."""
    bars = {} if bar is None else {label_key(tag): bar}
    said = TagPreference("remove", at, tag, (label_key(tag),), rules="" if bar is None else "0" * 12, bars=bars)
    return replace(said, **changes)


def added(tag: str, at: int = AT, bar: Bar | None = BAR, **changes: Any) -> TagPreference:
    """Return an addition by an edit."""
    return replace(removed(tag, at, bar), want="add", **changes)


def left(at: int = AT, bar: Bar = BAR) -> Left:
    """Return that a label's tag was left."""
    return Left(at, "0" * 12, bar)


def sampled(tag: str, confidence: float, answer: Any, bar: Bar = BAR, at: int = AT) -> Sample:
    """Return an answered question at random."""
    return Sample(at, tag, label_key(tag), round(confidence * 10_000), "0" * 12, bar, answer, at)


def said(scanned: ScannedAsset, rules: str = RULES) -> Said:
    """Return what people said about an asset under these rules."""
    return what_people_said(scanned, asset_labels(scanned, Ruleset(parse_rules(rules))))


def verdicts(scanned: ScannedAsset, rules: str = RULES) -> dict[str, tuple[str, bool]]:
    """Return the kind of verdict on each label, and whether it says right."""
    return {each.label: (each.kind, each.right) for each in said(scanned, rules).verdicts}


def evidence(assets: Iterable[ScannedAsset], rules: str = RULES) -> Evidence:
    """Return the evidence of assets under these rules."""
    return collect_evidence(assets, Ruleset(parse_rules(rules)))


def answered_at_random(number: int, confidence: float, *, right: bool, name: str = "Dog") -> ScannedAsset:
    """Return an asset about whose label people were asked at random."""
    answer = "accept" if right else "reject"
    return asset({name: confidence}, number, samples={label_key(name): sampled(name, confidence, answer)})
