"""The work that bench/decide.py gives to every engine: the same rules and assets, generated from a fixed seed."""

import random
from itertools import accumulate, product
from typing import NamedTuple, TypedDict

import msgspec

from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Subject
from autotag.domain.rules.schema import Defaults, LabelRule, Overrides, Rules, When

PROVIDER = "aws_rek_tagging"
DENY = ("Human", "Person", "Old Guitar 1", "Red Car 7")
DEFAULT_THRESHOLD = 0.70
KINDS = ("Old", "Red", "Electric", "Wooden", "Sports", "Wild", "Small", "Street", "Water", "Night")
THINGS = ("Guitar", "Car", "Dog", "House", "Tree", "Person", "Road", "Flower", "Boat", "Table")
VOCABULARY = [f"{kind} {thing} {n}" for n, kind, thing in product(range(1, 61), KINDS, THINGS)]
"""Names of labels, the most frequent first: the n-th is n times as rare as the first, as words are."""

_WEIGHTS = list(accumulate(1 / n for n in range(1, len(VOCABULARY) + 1)))


class Case(NamedTuple):
    """The size of the work: labels on an asset, label rules, ``[[when]]`` blocks."""

    labels: int
    rules: int
    blocks: int


class PlainLabel(TypedDict):
    """A label in its JSON form."""

    name: str
    confidence: float


class Asset(NamedTuple):
    """One asset in the fastest form for each engine: ``typed`` and ``subject`` for autotag, ``plain`` for others."""

    folder: str
    plain: list[PlainLabel]
    typed: dict[str, tuple[Label, ...]]
    subject: Subject


class Work(NamedTuple):
    """The work of one case: thresholds by label, and by the folder of a block, of which the last match counts."""

    case: Case
    label_thresholds: dict[str, float]
    folder_thresholds: dict[str, float]
    assets: list[Asset]


def make_work(case: Case, assets: int, seed: int = 20261124) -> Work:
    """Return the work of a case: a threshold for some labels, a list of denied ones, a threshold for some folders."""
    label_thresholds = {name: spread_threshold(i) for i, name in enumerate(VOCABULARY[: case.rules])}
    folder_thresholds = {f"folder{i}/": spread_threshold(i, 7) for i in range(case.blocks)}
    rng = random.Random(seed)  # noqa: S311 - nothing secret, and the same on every run
    return Work(case, label_thresholds, folder_thresholds, [_asset(rng, i, case) for i in range(assets)])


def spread_threshold(i: int, step: int = 1) -> float:
    """Return one of forty thresholds around the default one."""
    return round(0.55 + (i * step) % 40 / 100, 2)


def rules_of(label_thresholds: dict[str, float], folder_thresholds: dict[str, float]) -> Rules:
    """Return the work as rules of autotag."""
    return Rules(
        defaults=Defaults(threshold=DEFAULT_THRESHOLD, deny=DENY),
        labels={name: LabelRule(threshold=threshold) for name, threshold in label_thresholds.items()},
        when=tuple(
            When(name=folder, folder=f"{folder}**", set=Overrides(threshold=threshold))
            for folder, threshold in folder_thresholds.items()
        ),
    )


def _asset(rng: random.Random, i: int, case: Case) -> Asset:
    # the most confident first, as from providers, which do not return labels below 0.5
    labels = sorted(((round(rng.uniform(0.5, 1), 4), name) for name in _names(rng, case.labels)), reverse=True)
    # from JSON, as labels are stored: each name is a string object of its own
    plain = msgspec.json.encode([{"name": name, "confidence": confidence} for confidence, name in labels])
    typed = msgspec.json.encode([(name, confidence) for confidence, name in labels])
    folder = f"folder{i % max(case.blocks, 1)}/inner"
    return Asset(
        folder,
        msgspec.json.decode(plain, type=list[PlainLabel]),
        {PROVIDER: msgspec.json.decode(typed, type=tuple[Label, ...])},
        Subject(folder=folder),
    )


def _names(rng: random.Random, count: int) -> set[str]:
    names: set[str] = set()
    while len(names) < count:
        names.update(rng.choices(VOCABULARY, cum_weights=_WEIGHTS, k=count - len(names)))
    return names
