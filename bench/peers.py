"""The peers: other rule engines, each with threshold and deny as its users would write them.

A peer evaluates expressions. It gets its fastest form: the whole list at once if its language has a filter, else one
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

from bench.workload import DENY, USUAL, Asset, Work

Decider = Callable[[Asset], list[str]]

DENIED = json.dumps(DENY)


def zen_expression(work: Work) -> Decider:
    """Return a decider by zen-engine: a compiled expression over the whole list."""
    keep = zen.compile_expression(
        f"map(filter(labels, #.confidence >= #.threshold and not (#.name in {DENIED})), #.name)"
    )
    folders = zen.compile_expression(f"filter({json.dumps([*work.folders])}, startsWith(folder, #))")
    usual = _usual(work, lambda asset: folders.evaluate({"folder": asset.folder}))
    return lambda asset: keep.evaluate({"labels": _with_thresholds(work, asset, usual(asset))})


def zen_table(work: Work) -> Decider | None:
    """Return a decider by zen-engine: a decision table with a row for each label rule.

    Return None for work with folders: the table would need rows for each pair of a folder and a label.
    """
    if work.folders:
        return None
    rows = [{"name": ", ".join(map(json.dumps, DENY)), "kept": "false"}]
    for name, threshold in work.own.items():
        rows += [
            {"name": json.dumps(name), "confidence": f">= {threshold}", "kept": "true"},
            {"name": json.dumps(name), "kept": "false"},
        ]
    rows += [{"confidence": f">= {USUAL}", "kept": "true"}, {"kept": "false"}]
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
    folders = cel.NewEnv(variables={"folder": text}).compile(
        f"{json.dumps([*work.folders])}.filter(p, folder.startsWith(p))"
    )
    usual = _usual(work, lambda asset: folders.eval(data={"folder": asset.folder}).plain_value())

    def run(asset: Asset) -> list[str]:
        kept: list[str] = keep.eval(data={"labels": _with_thresholds(work, asset, usual(asset))}).plain_value()
        return kept

    return run


def simple_eval(work: Work) -> Decider:
    """Return a decider by simpleeval, parsed beforehand. It has no filter; its larger evaluator has comprehensions."""
    small, large = simpleeval.SimpleEval(), simpleeval.EvalWithCompoundTypes()
    keep, folders = "confidence >= threshold and name not in deny", "[p for p in prefixes if folder.startswith(p)]"
    keep_parsed, folders_parsed = small.parse(keep), large.parse(folders)
    prefixes = [*work.folders]

    def matching(asset: Asset) -> list[str]:
        large.names = {"prefixes": prefixes, "folder": asset.folder}
        found: list[str] = large.eval(folders, previously_parsed=folders_parsed)
        return found

    def stays(label: dict[str, Any]) -> bool:
        small.names = {**label, "deny": DENY}
        return bool(small.eval(keep, previously_parsed=keep_parsed))

    return _one_by_one(work, stays, _usual(work, matching))


def json_logic(work: Work) -> Decider:
    """Return a decider by maykin-json-logic-py, the maintained port of JsonLogic. It has no filter: folders are ifs."""
    keep = {"and": [{">=": [{"var": "confidence"}, {"var": "threshold"}]}, {"!": {"in": [{"var": "name"}, DENY]}}]}
    chain: list[Any] = []
    for prefix, threshold in reversed(work.folders.items()):
        chain += [{"==": [{"substr": [{"var": "folder"}, 0, len(prefix)]}, prefix]}, threshold]
    folders = {"if": [*chain, USUAL]}
    return _one_by_one(
        work,
        lambda label: bool(jsonLogic(keep, label)),
        lambda asset: jsonLogic(folders, {"folder": asset.folder}) if chain else USUAL,
    )


def rule_engine(work: Work) -> Decider:
    """Return a decider by rule-engine: one label at a time, since its comprehensions are slower."""
    keep = Rule(f"confidence >= threshold and not (name in {DENIED})")
    folders = Rule(f"[p for p in {json.dumps([*work.folders])} if folder.starts_with(p)]")
    return _one_by_one(work, keep.matches, _usual(work, lambda asset: folders.evaluate({"folder": asset.folder})))


def _usual(work: Work, matching: Callable[[Asset], Any]) -> Callable[[Asset], float]:
    """Return a function that gives an asset's threshold: that of the last folder in the result of ``matching``."""
    if not work.folders:
        return lambda asset: USUAL

    def usual(asset: Asset) -> float:
        found = matching(asset)
        return work.folders[found[-1]] if found else USUAL

    return usual


def _with_thresholds(work: Work, asset: Asset, usual: float) -> list[dict[str, Any]]:
    own = work.own
    return [
        {"name": label["name"], "confidence": label["confidence"], "threshold": own.get(label["name"], usual)}
        for label in asset.plain
    ]


def _one_by_one(work: Work, stays: Callable[[dict[str, Any]], bool], usual: Callable[[Asset], float]) -> Decider:
    return lambda asset: [label["name"] for label in _with_thresholds(work, asset, usual(asset)) if stays(label)]


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
