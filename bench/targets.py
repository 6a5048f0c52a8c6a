"""The targets of benchmarks, and the results."""

from rich.box import SIMPLE
from rich.table import Table


class Targets:
    """A table of targets with the values measured, to print at the end."""

    def __init__(self) -> None:
        self.table = Table(
            "target", "aim", "measured", "met", title="Targets", title_justify="left", box=SIMPLE, padding=0
        )

    def at_most(self, subject: str, target: float, measured: float) -> None:
        """Add a ratio that must not exceed ``target``."""
        self._add(subject, f"at most {target:.2f}", f"{measured:.2f}", met=measured <= target)

    def at_least(self, subject: str, target: int, measured: float) -> None:
        """Add a rate a second that must not be below ``target``."""
        self._add(subject, f"at least {target:,}/s", f"{measured:,.0f}/s", met=measured >= target)

    def _add(self, subject: str, target: str, measured: str, *, met: bool) -> None:
        self.table.add_row(subject, target, measured, "yes" if met else "no")
