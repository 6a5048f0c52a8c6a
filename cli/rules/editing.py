"""Changing thresholds in the text of a rules file, and nothing else: comments, order and spelling stay."""

from collections.abc import Mapping
from typing import Any

import tomlkit
from msgspec.structs import replace
from tomlkit.exceptions import TOMLKitError

from autotag.domain.errors import Invalid
from autotag.domain.labels import label_key
from autotag.domain.rules import LabelRule, Rules, parse_rules
from cli.errors import Failure


def with_thresholds(text: str, thresholds: Mapping[str, float]) -> str:
    """Return the rules in ``text`` with the labels' own ``thresholds``, by name, in place of those that they have.

    Raises ``Invalid`` where ``text`` is no valid rules file, ``Failure`` where it cannot be changed in place.
    """
    wanted = _changed(parse_rules(text), thresholds)
    try:
        edited = _edited(text, thresholds)
        if parse_rules(edited) == wanted:
            return edited
    except (TOMLKitError, Invalid) as error:
        raise Failure(f"the rules cannot be changed in place ({error}): write the thresholds in yourself") from error
    raise Failure("the rules cannot be changed in place: write the thresholds in yourself")


def _edited(text: str, thresholds: Mapping[str, float]) -> str:
    document = tomlkit.parse(text.removeprefix("\ufeff"))
    if "labels" not in document:
        document["labels"] = tomlkit.table(is_super_table=True)
    labels: Any = document["labels"]
    spelt = {label_key(name): name for name in labels}
    for name, threshold in thresholds.items():
        known = spelt.get(label_key(name))
        if known is not None:
            labels[known]["threshold"] = threshold
        elif isinstance(labels, tomlkit.items.InlineTable):
            labels[name] = tomlkit.inline_table().append("threshold", threshold)
        else:
            labels[name] = tomlkit.table().append("threshold", threshold)
    return document.as_string()


def _changed(rules: Rules, thresholds: Mapping[str, float]) -> Rules:
    spelt = {label_key(name): name for name in rules.labels}
    labels = dict(rules.labels)
    for name, threshold in thresholds.items():
        name = spelt.get(label_key(name), name)
        labels[name] = replace(labels.get(name, LabelRule()), threshold=threshold)
    return replace(rules, labels=labels)
