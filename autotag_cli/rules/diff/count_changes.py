"""What changes on one asset between two sets of rules, as the service would write it."""

from autotag.domain.decisions.compare import compare
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.rules.schema import Rules, When
from autotag_cli.rules.diff.assets import Asset
from autotag_cli.terminal.tally import Tally

_LEAVES_ALONE = Rulebook(Rules(when=(When(skip=True),)))


def count(tally: Tally, asset: Asset, old: Rulebook, new: Rulebook) -> None:
    """Count the tags that differ on one asset after the service decided by the old rules, and by the new ones."""
    if not _has_labels(asset, new):
        tally.skip()
        return
    before = old if _has_labels(asset, old) else _LEAVES_ALONE  # old rules have done nothing to it
    retainable = asset.retainable_tags(before), asset.retainable_tags(new)
    gained, lost = compare(asset.labels, asset.subject, before, new, people=asset.people, retainable=retainable)
    tally.add(asset.name, gained, lost)


def _has_labels(asset: Asset, rulebook: Rulebook) -> bool:
    """Return whether a provider that the rules use is complete; until then, rules change nothing on the asset."""
    return any(provider in asset.labels for provider in rulebook.providers)
