"""The current settings, in one place: all parts read them, and the control API changes them."""

from dataclasses import dataclass

from simulator.core.settings import Settings


@dataclass
class Live:
    """The current settings. ``initial`` comes from the command line, and a reset restores it."""

    initial: Settings
    settings: Settings

    @classmethod
    def of(cls, initial: Settings) -> "Live":
        """Return live settings that start as ``initial``."""
        return cls(initial, initial)
