"""What changes on one asset between two sets of rules, as the service would write it."""

from typing import NamedTuple

from autotag.domain.decisions.compare import changed_tags
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.schema import Rules, When
from autotag_cli.rules.asset_inputs import AssetInputs
from autotag_cli.terminal.tag_changes import TagChangeCounts

_LEAVES_ALONE = Ruleset(Rules(when=(When(skip=True),)))


class ComparedRules(NamedTuple):
    """The two sets of rules, and how many examples to name for each tag."""

    old: Ruleset
    new: Ruleset
    examples: int


def count_asset(changes: TagChangeCounts, asset: AssetInputs, rules: ComparedRules) -> None:
    """Count the tags that differ on one asset after the service decided by the old rules, and by the new ones."""
    old, new = rules.old, rules.new
    if not _has_labels(asset, new):
        changes.count_undecided()
        return
    before = old if _has_labels(asset, old) else _LEAVES_ALONE  # old rules have done nothing to it
    retainable = asset.retainable_tags(before), asset.retainable_tags(new)
    changes.count(
        asset.name,
        *changed_tags(asset.labels, asset.subject, before, new, people=asset.person_tags, retainable=retainable),
    )


def _has_labels(asset: AssetInputs, ruleset: Ruleset) -> bool:
    """Return whether a provider that the rules use is complete; until then, rules change nothing on the asset."""
    return any(provider in asset.labels for provider in ruleset.providers)
