"""The line of a rule in the text of a rules file."""

from collections.abc import Mapping

from autotag.domain.rules.validation.problems import KeyPath
from autotag.domain.rules_text.positions import Positions
from autotag.domain.sentences.rule_path import parse_rule_path


def rule_line(text: str, path: str) -> int | None:
    """Return the line of the rule at the key path ``path`` in ``text``, which is valid TOML; see ``line_in``."""
    return line_in(key_lines(text), path)


def line_in(lines: Mapping[KeyPath, int], path: str) -> int | None:
    """Return the line (from 1) of the rule at the key path ``path``; ``lines`` are those of ``key_lines``.

    If the key is not written there, the line of the nearest table around it; None if there is none, if there are fewer
    blocks, or if ``path`` is not a key path.
    """
    place = parse_rule_path(path)
    if place is None:
        return None
    steps = place.steps
    if ("when", 0) in lines and place.block and steps[:2] not in lines:
        return None
    while steps and steps not in lines:
        steps = steps[:-1]
    return lines.get(steps)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) at which each key and item of ``text``, which is valid TOML, first stands."""
    positions = Positions(text.removeprefix("\ufeff"))
    return {steps: positions[steps].line for steps in positions}
