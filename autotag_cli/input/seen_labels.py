"""The labels of a library as ``autotag labels`` prints and stores them."""

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode as decode_json
from autotag.domain.rules.checks.categories import NO_SETS, CategorySets
from autotag.domain.rules.checks.named_labels import rules_by_label
from autotag.domain.rules.schema import Rules
from autotag.domain.statistics.label_counts import LibraryLabels
from autotag_cli.input.files import MAX_LIST_SIZE, check_replaceable, place_beside, read_bytes, replace_contents

SEEN = ".autotag/seen.json"
"""Where the labels of a library are looked for, from the folder in which a command is started."""


class SeenLabel(Struct, frozen=True):
    """One label: the number of its ``assets``, quantiles of its confidence (0 to 1), and what became of it.

    ``tagged``: assets with a tag of autotag that it may have given; ``in_review``: those where it waits for a person;
    ``removed``: those of which a person removed its tag. ``rules`` are the paths of the rules that name it.
    ``categories`` are those that the last answer by Rekognition itself gave it.
    """

    label: str
    assets: int
    p10: float
    p50: float
    p90: float
    tagged: int
    in_review: int
    removed: int
    rules: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


class RulesName(Struct, frozen=True):
    """The name and the version of rules."""

    name: str
    version: str


class SeenLabels(Struct, frozen=True):
    """All labels of ``assets``, those on most of them first.

    ``source`` is the stack or the files, ``provider`` the one whose labels were counted, "" for all.
    """

    autotag_labels: Literal[1]
    source: str
    provider: str
    assets: int
    rules: RulesName
    labels: tuple[SeenLabel, ...]

    @property
    def detected_categories(self) -> dict[str, tuple[str, ...]]:
        """Return the categories that Rekognition's own answers gave labels, by the names of the labels."""
        return {each.label: each.categories for each in self.labels if each.categories}

    def at_least(self, assets: int) -> "SeenLabels":
        """Return the labels of at least so many assets."""
        return replace(self, labels=tuple(each for each in self.labels if each.assets >= assets))


def seen_labels(
    found: LibraryLabels, rules: Rules, name: RulesName, source: str, provider: str, sets: CategorySets = NO_SETS
) -> SeenLabels:
    """Return the record of what was counted, with the rules that name each label or, by ``sets``, its category."""
    named = rules_by_label(rules, sets)
    labels = (
        SeenLabel(
            counts.name,
            counts.assets,
            counts.quantile(0.1),
            counts.quantile(0.5),
            counts.quantile(0.9),
            counts.tagged,
            counts.in_review,
            found.removed[key],
            named.get(key, ()),
            found.detected[key][1] if key in found.detected else (),
        )
        for key, counts in found.ranked()
    )
    return SeenLabels(1, source, provider, found.assets, name, tuple(labels))


def save_seen(path: str, seen: SeenLabels) -> None:
    """Write the labels into a file, in one step. Raises ``Invalid`` that names it."""
    save_json(path, seen)


def load_seen(path: str) -> SeenLabels:
    """Return the labels in a file. Raises ``Invalid`` if it is not one that ``autotag labels --out`` wrote."""
    try:
        found: SeenLabels = decode_json(read_bytes(path, MAX_LIST_SIZE), SeenLabels)
    except msgspec.DecodeError as error:
        raise Invalid(path, f"expected a file written by autotag labels --out ({error})") from error
    return found


def save_json(path: str, value: Struct) -> None:
    """Write ``value`` into a file as JSON, in one step, with the folder it is in. Raises ``Invalid`` that names it."""
    check_replaceable(path)
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        data = msgspec.json.format(msgspec.json.encode(value), indent=1)
        replace_contents(target, data + b"\n", place_beside(target))
    except OSError as error:
        raise Invalid(path, f"cannot be written ({error.strerror})") from error
