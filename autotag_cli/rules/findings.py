"""The faults of a rules file, each with its place in the text."""

from dataclasses import dataclass

from autotag.domain.rules.parse import Rules, examine, rules_version
from autotag.domain.rules.validation.problems import Fault
from autotag_cli.rules.positions import Position, Positions


@dataclass(frozen=True)
class Checked:
    """What is wrong with a text, in the order of its lines. ``rules`` and ``version`` are there where nothing is."""

    rules: Rules | None
    version: str
    in_order: tuple[tuple[Position, Fault], ...]

    @property
    def faults(self) -> list[Fault]:
        """What autotag would refuse to run with."""
        return [fault for _, fault in self.in_order if fault.severity == "fault"]

    @property
    def warnings(self) -> list[Fault]:
        """What is probably not meant."""
        return [fault for _, fault in self.in_order if fault.severity == "warning"]


def checked(text: str) -> Checked:
    """Examine a rules file."""
    text = text.removeprefix("\ufeff")
    examined = examine(text)
    found = examined.faults + examined.warnings
    # a text that is broken as TOML, or too large, has no places in it
    positions = Positions(text) if any(fault.steps for fault in found) else None
    placed = [(_position(fault, positions), fault) for fault in found]
    placed.sort(key=lambda pair: pair[0])
    version = rules_version(examined.rules) if examined.rules else ""
    return Checked(examined.rules, version, tuple(placed))


def _position(fault: Fault, positions: Positions | None) -> Position:
    if positions is not None and fault.steps:
        return positions[fault.steps]
    return Position(fault.line or 1, fault.column or 1)
