"""The engines that bench/decide.py compares: each decides which labels of an asset are kept."""

from collections.abc import Callable

from autotag.domain.decisions.decide import decide
from autotag.domain.rules.compiled.ruleset import Rulebook
from bench import peers
from bench.workload import DENY, USUAL, Asset, Work, rules_of

AUTOTAG, ZEN, HARD_CODED = "autotag", "zen", "Python"


def by_autotag(work: Work) -> peers.Decider:
    """Return a decider by this engine, with an explanation for every label."""
    rulebook = Rulebook(rules_of(work.own, work.folders))

    def run(asset: Asset) -> list[str]:
        decision = decide(asset.typed, asset.subject, rulebook)
        assert len(decision.labels) == work.case.labels
        return list(decision.tags)

    return run


def by_hard_coded_rules(work: Work) -> peers.Decider:
    """Return a decider with the rules hard-coded in Python, without engine or explanations: the lower bound."""
    own, deny = work.own, frozenset(DENY)
    folders = {prefix.rstrip("/"): threshold for prefix, threshold in work.folders.items()}

    def run(asset: Asset) -> list[str]:
        usual = folders.get(asset.folder.partition("/")[0], USUAL)
        return [
            label["name"]
            for label in asset.plain
            if label["confidence"] >= own.get(label["name"], usual) and label["name"] not in deny
        ]

    return run


ENGINES: dict[str, Callable[[Work], peers.Decider | None]] = {
    AUTOTAG: by_autotag,
    ZEN: peers.zen_expression,
    "zen table": peers.zen_table,
    "cel": peers.cel_expression,
    "simple-eval": peers.simple_eval,
    "json-logic": peers.json_logic,
    "rule-engine": peers.rule_engine,
    HARD_CODED: by_hard_coded_rules,
}
"""Functions that make a decider, by engine; they return None for a case that does not suit the engine."""
