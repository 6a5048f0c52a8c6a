"""Changes of rules to time ``rules diff`` with, from the usual one to the worst: every label's threshold moves."""

import random
from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Defaults, LabelRule, Overrides, Rules, When
from bench.workload import DENY, VOCABULARY, Asset, Case, make_work, rules_of, spread_threshold

RATE = 20_000
SIZE = Case(labels=50, rules=500, blocks=10)


class RuleChange(NamedTuple):
    """Two sets of rules, the assets to compare them on, and the target in assets a second, if any."""

    old: Ruleset
    new: Ruleset
    assets: list[Asset]
    target: int | None = RATE


def rule_changes(assets: int) -> dict[str, RuleChange]:
    """Return the changes by their description."""
    work = make_work(SIZE, assets)
    plain = rules_of(work.label_thresholds, work.folder_thresholds)
    label = VOCABULARY[5]
    one = replace(plain, labels={**plain.labels, label: LabelRule(threshold=0.99)})
    every = rules_of(
        {name: spread_threshold(i + 1) for i, name in enumerate(work.label_thresholds)},
        {f: spread_threshold(i + 1, 7) for i, f in enumerate(work.folder_thresholds)},
    )
    every = replace(every, defaults=replace(every.defaults, threshold=0.75))
    rng = random.Random(20261124)  # noqa: S311 - nothing secret, and the same on every run
    return {
        "one label's threshold": RuleChange(Ruleset(plain), Ruleset(one), work.assets),
        "every threshold": RuleChange(Ruleset(plain), Ruleset(every), work.assets),
        "every threshold, with all else that rules can say": RuleChange(
            Ruleset(_rules_with_all_features(0)),
            Ruleset(_rules_with_all_features(1)),
            [_with_history(asset, rng) for asset in work.assets],
            target=None,
        ),
    }


def _rules_with_all_features(shift: int) -> Rules:
    """Return rules with renames, parents, priorities, additions, a cap, a review band and lower case."""
    labels = {
        name: LabelRule(
            threshold=spread_threshold(i + shift),
            tag=f"tag {i // 2}" if i % 10 < 2 else None,
            parents=(f"Parent {i % 25}",) if i % 5 == 0 else None,
            priority=5 if i % 50 == 0 else None,
        )
        for i, name in enumerate(VOCABULARY[: SIZE.rules])
    }
    labels |= {f"Parent {i}": LabelRule(parents=(f"Top {i % 5}",)) for i in range(25)}
    return Rules(
        defaults=Defaults(threshold=spread_threshold(15 + shift), review=0.5, max_tags=20, case="lower", deny=DENY),
        labels=labels,
        when=tuple(
            When(folder=f"folder{i}/**", set=Overrides(threshold=spread_threshold(i + shift, 7)), add=(f"in {i}",))
            for i in range(SIZE.blocks)
        ),
    )


def _with_history(asset: Asset, rng: random.Random) -> Asset:
    """Return an asset that people and this service have already changed."""
    names = [label["name"] for label in asset.plain]
    subject = Subject(
        folder=asset.folder,
        user_tags=("press", rng.choice(names)),
        managed_tags=frozenset(rng.sample([name.lower() for name in names], 10)),
        suppressed=frozenset([rng.choice(names).lower()] if rng.random() < 0.1 else ()),
    )
    return asset._replace(subject=subject)
