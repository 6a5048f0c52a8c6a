"""Shortcuts for decisions under some rules on some labels of an asset."""

import tomllib
from typing import Any

import msgspec

from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.checks.categories import CategorySets
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Rules

Confidences = dict[str, float]
REVIEW = "[defaults]\nthreshold = 0.7\nreview = 0.5\n"


SETS = {"Guitar": ("guitar",)}
"""A category with one label."""


def book(rules: str, sets: CategorySets = SETS) -> Ruleset:
    """Compile rules from TOML without checks: the engine also decides by rules that contradict each other."""
    return Ruleset(msgspec.convert(tomllib.loads(rules), Rules), sets)


def decided(rules: str, labels: Confidences, **asset: Any) -> Decision:
    """Decide on one asset with labels of the first provider that the rules name."""
    ruleset = book(rules)
    given = [Label(name, confidence) for name, confidence in labels.items()]
    return decide({ruleset.providers[0]: given}, Subject(**asset), ruleset)


def outcomes(decision: Decision) -> dict[str, str]:
    """Return the outcome of each label and implied tag."""
    return {explained.label: explained.outcome for explained in decision.labels}


def because(decision: Decision) -> dict[str, str]:
    """Return the reason for the outcome of each label and implied tag."""
    return {explained.label: explained.because for explained in decision.labels}
