"""What changes on one asset from one set of rules to another, as the service would write it."""

from autotag.domain.decisions.compare import compare
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.rules.parse import Rules, When
from autotag_cli.rules.diff.assets import Asset
from autotag_cli.terminal.tally import Tally

_LEAVES_ALONE = Rulebook(Rules(when=(When(skip=True),)))


def count(tally: Tally, asset: Asset, old: Rulebook, new: Rulebook) -> None:
    """Count what changes on one asset: the tags on it once the service had decided by the one, and by the other."""
    if not _has_labels(asset, new):
        tally.skip()
        return
    before = old if _has_labels(asset, old) else _LEAVES_ALONE  # what it has, it has from others
    unheard = asset.unheard(before), asset.unheard(new)
    tally.add(asset.name, *compare(asset.labels, asset.subject, before, new, people=asset.people, unheard=unheard))


def _has_labels(asset: Asset, rulebook: Rulebook) -> bool:
    """Whether a provider that counts is through; before that, rules do nothing to the asset."""
    return any(provider in asset.labels for provider in rulebook.providers)
