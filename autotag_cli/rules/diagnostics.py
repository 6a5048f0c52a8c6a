"""Faults of a rules file, each with its position in the text."""

from dataclasses import dataclass

from autotag.domain.rules.parse import Rules, examine, rules_version
from autotag.domain.rules.validation.problems import Fault
from autotag_cli.rules.positions import Position, Positions


@dataclass(frozen=True)
class Checked:
    """Faults and warnings in the order of lines. If there is a fault, ``rules`` is None and ``version`` is empty."""

    rules: Rules | None
    version: str
    in_order: tuple[tuple[Position, Fault], ...]

    @property
    def faults(self) -> list[Fault]:
        """Return the faults: the service refuses rules that have one."""
        return [fault for _, fault in self.in_order if fault.severity == "fault"]

    @property
    def warnings(self) -> list[Fault]:
        """Return the warnings: what is probably a mistake."""
        return [fault for _, fault in self.in_order if fault.severity == "warning"]


def checked(text: str) -> Checked:
    """Check the text of a rules file."""
    text = text.removeprefix("\ufeff")
    examined = examine(text)
    found = examined.faults + examined.warnings
    # a text that is too large, or not valid TOML, has no positions
    positions = Positions(text) if any(fault.steps for fault in found) else None
    placed = [(_position(fault, positions), fault) for fault in found]
    placed.sort(key=lambda pair: pair[0])
    version = rules_version(examined.rules) if examined.rules else ""
    return Checked(examined.rules, version, tuple(placed))


def _position(fault: Fault, positions: Positions | None) -> Position:
    if positions is not None and fault.steps:
        return positions[fault.steps]
    return Position(fault.line or 1, fault.column or 1)
