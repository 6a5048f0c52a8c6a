"""The current settings, in one place: all parts read them, and the control API changes them."""

from dataclasses import dataclass

from simulator.core.settings import Settings


@dataclass
class LiveSettings:
    """The current settings. ``initial`` comes from the command line, and a reset restores it."""

    initial: Settings
    current: Settings

    @classmethod
    def of(cls, initial: Settings) -> "LiveSettings":
        """Return live settings that start as ``initial``."""
        return cls(initial, initial)

    def reset(self) -> None:
        """Restore the initial settings."""
        self.current = self.initial
