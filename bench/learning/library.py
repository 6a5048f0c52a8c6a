"""Invented libraries: pictures with labels, whose truth is known, and the assets that a scan would return of them."""

import math
import random
from typing import NamedTuple

from msgspec import Struct

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.model.verdicts import Bar, Left, Sample
from autotag.domain.rules.schema import Defaults, LabelRule, Overrides, Rules, When
from autotag.domain.state.asset_state import TagPreference
from bench.learning.curves import log_odds, make_curve, share
from bench.learning.scenarios import Scenario

UPLOADED = 1_791_460_800
"""Unix seconds."""
PROVIDER = "aws_rek_tagging"
PRESENT = 0.70
_FOLDERS = 40
_ALBUM = 20
"""Pictures in a folder of the scenario ``albums``, on average."""


class Seen(NamedTuple):
    """A label of a picture: its confidence, and whether it is right."""

    confidence: float
    right: bool


class Picture(Struct):
    """One picture: its labels by name, and what people said of them so far."""

    number: int
    folder: str
    labels: dict[str, Seen]
    wishes: dict[str, TagPreference] = {}
    left: dict[str, Left] = {}
    samples: dict[str, Sample] = {}


class Library(NamedTuple):
    """The pictures, and the rules that are in force."""

    pictures: list[Picture]
    rules: Rules
    names: tuple[str, ...]


def make_library(scenario: Scenario, labels: int, pictures: int, dice: random.Random) -> Library:
    """Return a library. A label's confidences are beta distributed: flat, high or low, each as likely."""
    pictures = scenario.pictures or pictures
    folders = _folders(scenario, pictures, dice)
    found = [Picture(number, folder, {}) for number, folder in enumerate(folders)]
    names = tuple(f"label{number:02}" for number in range(labels))
    bars: dict[str, float] = {}
    for name in names:
        low, high = scenario.labels_on
        part = math.exp(dice.uniform(math.log(low), math.log(high)))
        shape = dice.choice(((1.2, 1.2), (2.5, 1.2), (1.0, 2.0)))
        curve, apart = make_curve(scenario.family, dice), dict.fromkeys(folders, 0.0)
        if scenario.together:
            apart = {folder: dice.gauss(0, scenario.together) for folder in apart}
        for picture in found:
            if dice.random() >= part:
                continue
            confidence = round(scenario.lowest + (1 - scenario.lowest) * dice.betavariate(*shape), 4)
            chance = (
                share(log_odds(curve(confidence)) + apart[picture.folder]) if scenario.together else curve(confidence)
            )
            picture.labels[name] = Seen(confidence, dice.random() < chance)
        bars[name] = _bar(scenario, name, found, dice)
    return Library(found, _rules(scenario, bars), names)


def _folders(scenario: Scenario, pictures: int, dice: random.Random) -> list[str]:
    if not scenario.albums:
        return [f"f{dice.randrange(_FOLDERS):02}" for _ in range(pictures)]
    found: list[str] = []
    while len(found) < pictures:
        size = 1 + int(dice.expovariate(1 / _ALBUM))
        found += [f"album{len(found)}"] * size
    return found[:pictures]


def _bar(scenario: Scenario, name: str, pictures: list[Picture], dice: random.Random) -> float:
    if scenario.best:
        return best_bar([picture.labels[name] for picture in pictures if name in picture.labels])
    return round(dice.uniform(0.4, 0.95), 2) if scenario.several_bars else PRESENT


def _rules(scenario: Scenario, bars: dict[str, float]) -> Rules:
    defaults = Defaults(threshold=PRESENT, review=scenario.review, max_tags=1000)
    labels = {name: LabelRule(threshold=bar) for name, bar in bars.items() if bar != PRESENT}
    if not scenario.several_bars:
        return Rules(defaults=defaults, labels=labels)
    half = {name: rule for number, (name, rule) in enumerate(labels.items()) if number % 2}
    block = When(folder="f0*", set=Overrides(threshold=0.85))
    return Rules(defaults=defaults, labels=half, when=(block,))


def cost(seen: list[Seen], bar: float, wrong_costs: float = 1.0) -> float:
    """Return what a bar costs: wrong tags, and missing ones."""
    return sum(wrong_costs * (not each.right) if each.confidence >= bar else float(each.right) for each in seen)


def best_bar(seen: list[Seen]) -> float:
    """Return the bar, of two decimals, with the lowest cost."""
    steps = [0] * 102
    for each in seen:
        steps[int(each.confidence * 100 + 1e-9)] += 1 if each.right else -1
    now = best = float(sum(not each.right for each in seen))
    bar = 0
    for step in range(100):
        now += steps[step]
        if now < best:
            best, bar = now, step + 1
    return bar / 100


def scanned(picture: Picture, rules: Rules, threshold_of: dict[str, float]) -> ScannedAsset:
    """Return a picture as a scan answers it; ``threshold_of`` are the bars of its labels under the rules in force."""
    labels = tuple(Label(name, seen.confidence) for name, seen in picture.labels.items())
    removed = {key for key, wish in picture.wishes.items() if wish.want == "remove"}
    added = tuple(key for key, wish in picture.wishes.items() if wish.want == "add")
    managed = tuple(
        name
        for name, seen in picture.labels.items()
        if seen.confidence >= threshold_of[name] and name not in picture.wishes
    )
    name = f"{picture.folder}/{picture.number}"
    return ScannedAsset(
        asset=AssetRef(f"a{picture.number:07}", name, "image", "upload", UPLOADED),
        facts=Facts(picture.folder, "jpg", {}, (), UPLOADED * 1000),
        categorizations={PROVIDER: Categorization("complete", labels, UPLOADED * 1000)},
        managed_tags=managed,
        user_tags=added,
        suppressed=tuple(removed),
        person_tags=added,
        status="tagged",
        review=(),
        preferences=tuple(picture.wishes.values()),
        decided_at=UPLOADED * 1000 + 1000,
        decided_by="0" * 64,
        left=picture.left,
        samples=picture.samples,
    )


def bar_of(rules: Rules, name: str, folder: str) -> Bar:
    """Return what a label has to reach in a folder."""
    rule = rules.labels.get(name)
    threshold = rule.threshold if rule is not None else None
    if threshold is None:
        threshold = rules.defaults.threshold
        for block in rules.when:
            if block.folder == "f0*" and folder.startswith("f0") and block.set.threshold is not None:
                threshold = block.set.threshold
    review = rules.defaults.review
    return Bar(threshold, review if review is not None and review < threshold else None)
