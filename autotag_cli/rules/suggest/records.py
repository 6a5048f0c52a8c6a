"""Suggestions as JSON."""

from collections.abc import Iterable
from typing import Any

from autotag.domain.learning.decision import GAIN, SURE
from autotag.domain.learning.label_evidence import Example
from autotag.domain.learning.outcome import Interval, Moved
from autotag.domain.learning.suggestions import WHYS, LabelSuggestion, Suggestions
from autotag.domain.rules.parse import rules_version
from autotag.domain.rules.schema import Rules
from autotag_cli.rules.suggest.next_steps import NextCommand
from autotag_cli.terminal.output import print_json


def print_suggestions_json(suggestions: Suggestions, rules: Rules, commands: Iterable[NextCommand]) -> None:
    """Print the suggestions as one JSON object."""
    others = [each for each in suggestions.labels if each.why != "proposed"]
    print_json(
        {
            "rules": {"name": rules.name, "version": rules_version(rules)},
            "assets": suggestions.assets,
            "assets_with_verdicts": suggestions.judged,
            "wrong_costs": suggestions.wrong_costs,
            "min_evidence": suggestions.min_verdicts,
            "least": {"gain": GAIN, "sure": SURE},
            "proposals": [_record(each) for each in suggestions.because("proposed")],
            "others": [_record(each) for each in others],
            "not_proposed": {why: len(suggestions.because(why)) for why in WHYS if why != "proposed"},
            "not_counted": {
                each.label: sum(each.not_counted.values())
                for each in suggestions.labels
                if any(each.not_counted.values())
            },
            "next": [each.command for each in commands],
        },
        indent=2,
    )


def _record(each: LabelSuggestion) -> dict[str, Any]:
    return {
        "label": each.label,
        "why": each.why,
        "threshold": {"old": each.present, "new": each.proposed},
        "verdicts": {kind: {"right": right, "wrong": wrong} for kind, (right, wrong) in each.said.items()},
        "counted": round(each.counted, 3),
        "missing": each.missing,
        "asked_below": round(each.asked_below, 3),
        "not_counted": each.not_counted,
        "gain": round(each.gain, 4),
        "sure": round(each.sure, 4),
        "come": _moved(each.outcome.come) if each.outcome else None,
        "go": _moved(each.outcome.go) if each.outcome else None,
        "precision": {
            "old": _interval(each.precision),
            "new": _interval(each.outcome.precision_new) if each.outcome else None,
        },
        "said_right": [_example(example) for example in each.right],
        "said_wrong": [_example(example) for example in each.wrong],
    }


def _moved(moved: Moved) -> dict[str, Any]:
    return {"tags": moved.tags, "right": _interval(moved.right, 1)}


def _interval(interval: Interval | None, digits: int = 4) -> dict[str, float] | None:
    if interval is None:
        return None
    names = ("expected", "low", "high")
    return {name: round(value, digits) for name, value in zip(names, interval, strict=True)}


def _example(example: Example) -> dict[str, Any]:
    return {
        "asset_id": example.asset_id,
        "public_id": example.public_id,
        "confidence": example.confidence,
        "kind": example.kind,
    }
