"""The targets of benchmarks, and the results."""

from rich.box import SIMPLE
from rich.table import Table


class Targets:
    """A table of targets with the values measured, to print at the end."""

    def __init__(self) -> None:
        self.table = Table(
            "target", "aim", "measured", "met", title="Targets", title_justify="left", box=SIMPLE, padding=0
        )

    def at_most(self, what: str, aim: float, measured: float) -> None:
        """Add a ratio that must not exceed ``aim``."""
        self._add(what, f"at most {aim:.1f}", f"{measured:.2f}", met=measured <= aim)

    def at_least(self, what: str, aim: int, measured: float) -> None:
        """Add a rate a second that must not be below ``aim``."""
        self._add(what, f"at least {aim:,}/s", f"{measured:,.0f}/s", met=measured >= aim)

    def _add(self, what: str, aim: str, measured: str, *, met: bool) -> None:
        self.table.add_row(what, aim, measured, "yes" if met else "no")
