"""Invented people: what they say about the pictures that they look at, and what they answer when asked."""

import random
from itertools import groupby

from autotag.domain.learning.evidence import Evidence
from autotag.domain.learning.sampling import SamplePool, choose_samples
from autotag.domain.model.verdicts import Bar, Left, Sample
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.schema import Rules
from autotag.domain.state.asset_state import TagPreference
from bench.learning.library import UPLOADED, Library, Picture, bar_of, scanned
from bench.learning.scenarios import Scenario

_RULES = "0" * 12
_HOUR = 3_600_000
_EARLIER = 0.70
"""The threshold of earlier rules, in the scenario with several bars."""


def look(library: Library, scenario: Scenario, dice: random.Random) -> None:
    """Let people look at a part of the pictures, and say what they do. Each picture has a minute of its own.

    A change of one tag leaves the others on the picture; answers leave none.
    """
    folders = sorted({picture.folder for picture in library.pictures})
    seen_folders = {folder for folder in folders if dice.random() < scenario.looked_at}
    at = UPLOADED * 1000 + 24 * _HOUR
    for folder, group in groupby(library.pictures, key=lambda picture: picture.folder):
        bulk = scenario.albums and dice.random() < 0.5
        at += _HOUR
        for picture in group:
            looked = folder in seen_folders if scenario.albums else dice.random() < scenario.looked_at
            if looked:
                at += 0 if bulk else 120_000
                _look_at(picture, library.rules, scenario, at, dice)


def _look_at(picture: Picture, rules: Rules, scenario: Scenario, at: int, dice: random.Random) -> None:
    earlier = scenario.several_bars and dice.random() < 0.5
    bars = {name: Bar(_EARLIER) if earlier else bar_of(rules, name, picture.folder) for name in picture.labels}
    changed: set[str] = set()
    for name, seen in picture.labels.items():
        bar = bars[name]
        if seen.confidence >= bar.threshold:
            if dice.random() < (scenario.slips if seen.right else scenario.removal):
                changed.add(name)
                picture.wishes[name] = TagPreference("remove", at, name, (name,), rules=_RULES, bars={name: bar})
        elif dice.random() < scenario.added * (1.0 if seen.right else scenario.slips):
            changed.add(name)
            picture.wishes[name] = TagPreference("add", at, name, (name,), rules=_RULES, bars={name: bar})
        elif bar.review is not None and seen.confidence >= bar.review:
            want = "add" if seen.right != (dice.random() < scenario.slips) else "remove"
            answer = TagPreference(
                "add" if want == "add" else "remove",
                at + 1,
                name,
                (name,),
                answer="an answer",
                rules=_RULES,
                bars={name: bar},
            )
            picture.wishes[name] = answer
    for name, seen in picture.labels.items():
        if changed and name not in picture.wishes and seen.confidence >= bars[name].threshold:
            picture.left[name] = Left(at, _RULES, bars[name])


def ask(library: Library, per_label: int, slips: float, seed: str, dice: random.Random) -> None:
    """Ask random questions, until there are ``per_label`` on each label, and have all of them answered."""
    ruleset = Ruleset(library.rules)
    pool = SamplePool(seed, per_label)
    by_id: dict[str, Picture] = {}
    for picture in library.pictures:
        asset = scanned(picture, library.rules, thresholds(library, picture))
        by_id[asset.asset.asset_id] = picture
        pool.add(asset, ruleset)
    at = UPLOADED * 1000 + 100_000 * _HOUR
    for asked in choose_samples(pool, {key: per_label - label.asked for key, label in pool.labels.items()}):
        picture = by_id[asked.asset_id]
        for name in asked.labels:
            seen, bar = picture.labels[name], bar_of(library.rules, name, picture.folder)
            right = seen.right != (dice.random() < slips)
            confidence = max(1, round(seen.confidence * 10_000))
            picture.samples[name] = Sample(
                at, name, name, confidence, _RULES, bar, "accept" if right else "reject", at + _HOUR
            )
            want = "add" if right else "remove"
            picture.wishes[name] = TagPreference(
                "add" if want == "add" else "remove",
                at + _HOUR,
                name,
                (name,),
                answer="a sample",
                rules=_RULES,
                bars={name: bar},
            )
            picture.left.pop(name, None)


def thresholds(library: Library, picture: Picture) -> dict[str, float]:
    """Return the present bars of a picture's labels."""
    return {name: bar_of(library.rules, name, picture.folder).threshold for name in picture.labels}


def evidence_of(library: Library) -> Evidence:
    """Return the evidence of the library as it is now."""
    ruleset, evidence = Ruleset(library.rules), Evidence()
    for picture in library.pictures:
        evidence.add(scanned(picture, library.rules, thresholds(library, picture)), ruleset)
    return evidence
