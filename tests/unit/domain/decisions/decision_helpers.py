"""Short ways to say: under these rules, these labels, this asset."""

import tomllib
from typing import Any

import msgspec

from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Rulebook, Subject
from autotag.domain.rules.schema import Rules

Confidences = dict[str, float]


def book(rules: str) -> Rulebook:
    """Compile rules from TOML as they stand: what validation calls a contradiction, the engine decides all the same."""
    return Rulebook(msgspec.convert(tomllib.loads(rules), Rules))


def decided(rules: str, labels: Confidences, **asset: Any) -> Decision:
    """Decide on one asset with labels of the first provider that the rules name."""
    rulebook = book(rules)
    given = [Label(name, confidence) for name, confidence in labels.items()]
    return decide({rulebook.providers[0]: given}, Subject(**asset), rulebook)


def outcomes(decision: Decision) -> dict[str, str]:
    """Return what became of each label and implied tag."""
    return {told.label: told.outcome for told in decision.labels}


def because(decision: Decision) -> dict[str, str]:
    """Return why it became of each label and implied tag."""
    return {told.label: told.because for told in decision.labels}
