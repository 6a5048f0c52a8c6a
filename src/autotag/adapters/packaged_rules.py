"""The rules in the functions' package."""

from functools import cached_property
from pathlib import Path

from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules


class PackagedRulesFile:
    """Implements the ``Deployed`` port over a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def text(self) -> str:
        """The text of the file."""
        return self._path.read_text(encoding="utf-8")

    @cached_property
    def ruleset(self) -> Ruleset:
        """The compiled rules; raises ``Invalid``."""
        return Ruleset(parse_rules(self.text, self._path.name))
