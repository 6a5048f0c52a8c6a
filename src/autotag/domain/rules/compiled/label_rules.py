"""Label rules in layers: those of the file, and over them those of each block that matches."""

from collections.abc import Mapping

from msgspec import Struct

from autotag.domain.model.labels import label_key
from autotag.domain.rules.compiled.category_rules import PathedTags
from autotag.domain.rules.schema import LabelRule

KeyedRules = dict[str, tuple[str, LabelRule]]
"""Label rules as written in the file, by label key, each with its path."""


class CompiledLabel(Struct, frozen=True, gc=False):
    """A label rule with the path of each of its keys, for explanations. None: it does not say."""

    threshold: float | None = None
    threshold_path: str = ""
    tag: str | None = None
    parents: PathedTags | None = None
    priority: int | None = None


NO_RULE = CompiledLabel()

LabelRules = tuple[dict[str, CompiledLabel], ...]
"""Label rules by key, those of the last block first. To save memory, a layer holds only the rules that it changes."""


def rules_by_key(rules: Mapping[str, LabelRule], path: str) -> KeyedRules:
    """Return rules by the keys of their labels; ``path`` is the part of their paths before ``labels``."""
    return {label_key(name): (f'{path}labels."{name}"', rule) for name, rule in rules.items()}


def find_rule(key: str, rules: LabelRules) -> CompiledLabel:
    """Return the rule for the label with this key."""
    for layer in rules:
        if key in layer:
            return layer[key]
    return NO_RULE


def overlay(below: LabelRules, above: KeyedRules) -> LabelRules:
    """Merge label rules over others, key by key."""
    if not above:
        return below
    return ({key: _merged(find_rule(key, below), path, rule) for key, (path, rule) in above.items()}, *below)


def _merged(old: CompiledLabel, path: str, rule: LabelRule) -> CompiledLabel:
    own_threshold = rule.threshold is not None
    own_parents = None if rule.parents is None else tuple((name, f"{path}.parents") for name in rule.parents)
    return CompiledLabel(
        threshold=rule.threshold if own_threshold else old.threshold,
        threshold_path=f"{path}.threshold" if own_threshold else old.threshold_path,
        tag=old.tag if rule.tag is None else rule.tag,
        parents=old.parents if own_parents is None else own_parents,
        priority=old.priority if rule.priority is None else rule.priority,
    )
