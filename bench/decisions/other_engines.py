"""Other rule engines, each with threshold and deny as its users would write them.

They evaluate expressions. Each gets its fastest form: the whole list at once if its language has a filter, else one
label at a time. Python looks up each label's own threshold beforehand, since passing thousands of thresholds to an
engine with every asset costs it far more. Folder blocks are a list of prefixes that an expression filters; the last
match counts.
"""

import json
from collections.abc import Callable
from typing import Any

import simpleeval
import zen
from cel_expr_python import cel
from json_logic import jsonLogic
from rule_engine import Rule

from bench.workload import DEFAULT_THRESHOLD, DENY, Asset, Work

Decider = Callable[[Asset], list[str]]

DENIED = json.dumps(DENY)


def zen_expression(work: Work) -> Decider:
    """Return a decider by zen-engine: a compiled expression over the whole list."""
    keep = zen.compile_expression(
        f"map(filter(labels, #.confidence >= #.threshold and not (#.name in {DENIED})), #.name)"
    )
    matching_folders = zen.compile_expression(f"filter({json.dumps([*work.folder_thresholds])}, startsWith(folder, #))")
    folder_threshold = _folder_threshold(work, lambda asset: matching_folders.evaluate({"folder": asset.folder}))
    return lambda asset: keep.evaluate({"labels": _with_thresholds(work, asset, folder_threshold(asset))})


def zen_table(work: Work) -> Decider | None:
    """Return a decider by zen-engine: a decision table with a row for each label rule.

    Return None for work with folders: the table would need rows for each pair of a folder and a label.
    """
    if work.folder_thresholds:
        return None
    rows = [{"name": ", ".join(map(json.dumps, DENY)), "kept": "false"}]
    for name, threshold in work.label_thresholds.items():
        rows += [
            {"name": json.dumps(name), "confidence": f">= {threshold}", "kept": "true"},
            {"name": json.dumps(name), "kept": "false"},
        ]
    rows += [{"confidence": f">= {DEFAULT_THRESHOLD}", "kept": "true"}, {"kept": "false"}]
    decision = zen.ZenEngine().create_decision(json.dumps(_graph(rows)))

    def run(asset: Asset) -> list[str]:
        rated = decision.evaluate({"labels": asset.plain})["result"]["labels"]
        return [label["name"] for label, row in zip(asset.plain, rated, strict=True) if row["kept"]]

    return run


def cel_expression(work: Work) -> Decider:
    """Return a decider by cel-expr-python, Google's CEL in C++: an expression over the whole list."""
    text, labels = cel.Type.STRING, cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN))
    keep = cel.NewEnv(variables={"labels": labels}).compile(
        f"labels.filter(l, l.confidence >= l.threshold && !(l.name in {DENIED})).map(l, l.name)"
    )
    matching_folders = cel.NewEnv(variables={"folder": text}).compile(
        f"{json.dumps([*work.folder_thresholds])}.filter(p, folder.startsWith(p))"
    )
    folder_threshold = _folder_threshold(
        work, lambda asset: matching_folders.eval(data={"folder": asset.folder}).plain_value()
    )

    def run(asset: Asset) -> list[str]:
        kept: list[str] = keep.eval(
            data={"labels": _with_thresholds(work, asset, folder_threshold(asset))}
        ).plain_value()
        return kept

    return run


def simple_eval(work: Work) -> Decider:
    """Return a decider by simpleeval, parsed beforehand. It has no filter; its larger evaluator has comprehensions."""
    small, large = simpleeval.SimpleEval(), simpleeval.EvalWithCompoundTypes()
    keep, matching_folders = (
        "confidence >= threshold and name not in deny",
        "[p for p in prefixes if folder.startswith(p)]",
    )
    keep_parsed, folders_parsed = small.parse(keep), large.parse(matching_folders)
    prefixes = [*work.folder_thresholds]

    def matching(asset: Asset) -> list[str]:
        large.names = {"prefixes": prefixes, "folder": asset.folder}
        folders: list[str] = large.eval(matching_folders, previously_parsed=folders_parsed)
        return folders

    def is_kept(label: dict[str, Any]) -> bool:
        small.names = {**label, "deny": DENY}
        return bool(small.eval(keep, previously_parsed=keep_parsed))

    return _one_by_one(work, is_kept, _folder_threshold(work, matching))


def json_logic(work: Work) -> Decider:
    """Return a decider by maykin-json-logic-py, the maintained port of JsonLogic. It has no filter: folders are ifs."""
    keep = {"and": [{">=": [{"var": "confidence"}, {"var": "threshold"}]}, {"!": {"in": [{"var": "name"}, DENY]}}]}
    chain: list[Any] = []
    for prefix, threshold in reversed(work.folder_thresholds.items()):
        chain += [{"==": [{"substr": [{"var": "folder"}, 0, len(prefix)]}, prefix]}, threshold]
    matching_folders = {"if": [*chain, DEFAULT_THRESHOLD]}
    return _one_by_one(
        work,
        lambda label: bool(jsonLogic(keep, label)),
        lambda asset: jsonLogic(matching_folders, {"folder": asset.folder}) if chain else DEFAULT_THRESHOLD,
    )


def rule_engine(work: Work) -> Decider:
    """Return a decider by rule-engine: one label at a time, since its comprehensions are slower."""
    keep = Rule(f"confidence >= threshold and not (name in {DENIED})")
    matching_folders = Rule(f"[p for p in {json.dumps([*work.folder_thresholds])} if folder.starts_with(p)]")
    return _one_by_one(
        work, keep.matches, _folder_threshold(work, lambda asset: matching_folders.evaluate({"folder": asset.folder}))
    )


def _folder_threshold(work: Work, matching: Callable[[Asset], Any]) -> Callable[[Asset], float]:
    """Return a function that gives an asset's threshold: that of the last folder in the result of ``matching``."""
    if not work.folder_thresholds:
        return lambda asset: DEFAULT_THRESHOLD

    def folder_threshold(asset: Asset) -> float:
        folders = matching(asset)
        return work.folder_thresholds[folders[-1]] if folders else DEFAULT_THRESHOLD

    return folder_threshold


def _with_thresholds(work: Work, asset: Asset, folder_threshold: float) -> list[dict[str, Any]]:
    own = work.label_thresholds
    return [
        {
            "name": label["name"],
            "confidence": label["confidence"],
            "threshold": own.get(label["name"], folder_threshold),
        }
        for label in asset.plain
    ]


def _one_by_one(
    work: Work, is_kept: Callable[[dict[str, Any]], bool], folder_threshold: Callable[[Asset], float]
) -> Decider:
    return lambda asset: [
        label["name"] for label in _with_thresholds(work, asset, folder_threshold(asset)) if is_kept(label)
    ]


def _graph(rows: list[dict[str, str]]) -> dict[str, Any]:
    """Return a decision graph that runs every label through one table."""
    columns = [{"id": name, "name": name, "field": name} for name in ("name", "confidence")]
    content = {
        "hitPolicy": "first",
        "executionMode": "loop",
        "inputField": "labels",
        "outputPath": "labels",
        "passThrough": False,
        "inputs": columns,
        "outputs": [{"id": "kept", "name": "kept", "field": "kept"}],
        "rules": [{"_id": str(i), "name": "", "confidence": "", **row} for i, row in enumerate(rows)],
    }
    at = {"x": 0, "y": 0}
    return {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": at},
            {"id": "table", "type": "decisionTableNode", "name": "table", "position": at, "content": content},
            {"id": "out", "type": "outputNode", "name": "out", "position": at},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }
