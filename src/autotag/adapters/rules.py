"""The rules that were deployed with the functions."""

from functools import cached_property
from pathlib import Path

from autotag.adapters.history import DynamoHistory
from autotag.domain.rulebook import Rulebook
from autotag.domain.rules import parse_rules


class DeployedRules:
    """Implements the ``RulesSource`` port over a file in the package; its text is stored once, for replays."""

    def __init__(self, path: Path, history: DynamoHistory) -> None:
        self._path, self._history = path, history

    def active(self) -> tuple[Rulebook, int]:
        """Return the compiled rules; a deployed file has the sequence number 0."""
        return self._rulebook, 0

    @cached_property
    def _rulebook(self) -> Rulebook:
        text = self._path.read_text(encoding="utf-8")
        rulebook = Rulebook(parse_rules(text, self._path.name))
        self._history.remember_rules(rulebook.version, text)
        return rulebook
