"""The engines that bench/decide.py compares: each decides which labels of an asset are kept."""

from collections.abc import Callable

from autotag.domain.decisions.decide import decide
from autotag.domain.rules.compiled.ruleset import Ruleset
from bench.decisions import other_engines
from bench.workload import DEFAULT_THRESHOLD, DENY, Asset, Work, rules_of

AUTOTAG, REFERENCE, HARD_CODED = "autotag", "zen", "Python"


def autotag_decider(work: Work) -> other_engines.Decider:
    """Return a decider by this engine, with an explanation for every label."""
    ruleset = Ruleset(rules_of(work.label_thresholds, work.folder_thresholds))

    def run(asset: Asset) -> list[str]:
        decision = decide(asset.typed, asset.subject, ruleset)
        assert len(decision.labels) == work.case.labels
        return list(decision.tags)

    return run


def hard_coded_decider(work: Work) -> other_engines.Decider:
    """Return a decider with the rules hard-coded in Python, without engine or explanations: the lower bound."""
    own, deny = work.label_thresholds, frozenset(DENY)
    folders = {prefix.rstrip("/"): threshold for prefix, threshold in work.folder_thresholds.items()}

    def run(asset: Asset) -> list[str]:
        folder_threshold = folders.get(asset.folder.partition("/")[0], DEFAULT_THRESHOLD)
        return [
            label["name"]
            for label in asset.plain
            if label["confidence"] >= own.get(label["name"], folder_threshold) and label["name"] not in deny
        ]

    return run


ENGINES: dict[str, Callable[[Work], other_engines.Decider | None]] = {
    AUTOTAG: autotag_decider,
    REFERENCE: other_engines.zen_expression,
    "zen table": other_engines.zen_table,
    "cel": other_engines.cel_expression,
    "simple-eval": other_engines.simple_eval,
    "json-logic": other_engines.json_logic,
    "rule-engine": other_engines.rule_engine,
    HARD_CODED: hard_coded_decider,
}
"""Functions that make a decider, by engine; they return None for a case that does not suit the engine."""
