"""The settings in force, held in one place that everyone may read and the control API may change."""

from dataclasses import dataclass

from simulator.core.settings import Settings


@dataclass
class Live:
    """``initial`` comes from the command line and is what a reset goes back to."""

    initial: Settings
    settings: Settings

    @classmethod
    def of(cls, initial: Settings) -> "Live":
        """Start with ``initial``."""
        return cls(initial, initial)
