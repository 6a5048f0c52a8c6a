"""The pictures of what changes: each with the labels that decide about the tag."""

from collections.abc import Sequence
from urllib.parse import quote

from msgspec import Struct

from autotag.domain.model.labels import label_key
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.sentences.numbers import confidence_text
from autotag_console.pictures import Delivery, Picture, picture_url
from autotag_console.visible import visible
from autotag_console.whatif.effects import Effect
from autotag_library.arrays import Library
from autotag_library.columns.identities import Identity


class Cell(Struct, frozen=True):
    """A picture; ``labels`` are those that give the tag, with their confidences, as one text."""

    name: str
    page: str
    picture: Picture
    labels: str


def cells_of(
    delivery: Delivery, library: Library | None, effect: Effect, tag: str, assets: Sequence[Identity]
) -> list[Cell]:
    """Return the pictures of these assets of an export."""
    return [
        Cell(
            visible(each.name),
            f"/asset/{quote(each.asset.asset_id, safe='')}",
            picture_url(delivery, each.asset, each.format, "grid"),
            _labels(library, (effect.old, effect.new), label_key(tag), each.row),
        )
        for each in assets
    ]


def _labels(library: Library | None, rules: tuple[Ruleset, ...], key: str, row: int) -> str:
    """Return the labels of an asset that give a tag under either set of rules, where no block says otherwise."""
    if library is None:
        return ""
    plans = [each.settings_for(Subject(), {}).label_plans for each in rules]
    at = range(int(library.labels.first[row]), int(library.labels.first[row + 1]))
    named = [(library.names[library.labels.values[n]], float(library.values[library.confidences[n]])) for n in at]
    return ", ".join(
        f"{visible(name)} {confidence_text(confidence)}"
        for name, confidence in named
        if any(_gives(plan.lookup(name), key) for plan in plans)
    )


def _gives(plan: LabelPlan, key: str) -> bool:
    return plan.tag_key == key or any(tag.tag_key == key for tag, _ in plan.implies)
