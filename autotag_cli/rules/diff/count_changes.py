"""What changes on one asset between two sets of rules, as the service would write it."""

from typing import NamedTuple

from autotag.domain.decisions.compare import changes_if_decided
from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag_cli.rules.asset_inputs import AssetInputs


class ComparedRules(NamedTuple):
    """The two sets of rules, and how many examples to name for each tag."""

    old: Ruleset
    new: Ruleset
    examples: int


def count_asset(changes: TagChangeCounts, asset: AssetInputs, rules: ComparedRules) -> None:
    """Count the tags that differ on one asset after the service decided by the old rules, and by the new ones."""
    changes.without_metadata += rules.new.tests_metadata and asset.lacks_metadata
    found = changes_if_decided(
        asset.labels, asset.subject, rules.old, rules.new, people=asset.person_tags, retainable=asset.retainable_tags
    )
    if found is None:
        changes.count_undecided()
    else:
        changes.count(asset.name, *found)
