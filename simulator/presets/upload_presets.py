"""The upload presets of the account."""

from typing import Any

from msgspec import Struct

from simulator.core.database import Database, Table
from simulator.core.errors import ApiError
from simulator.presets.preset_settings import HONORED


class UploadPreset(Struct, frozen=True):
    """One preset. ``number`` grows with each new preset; ``settings`` have the types in which the API answers them."""

    name: str
    number: int
    unsigned: bool = False
    settings: dict[str, Any] = {}

    def as_json(self) -> dict[str, Any]:
        """Return the preset as the API answers it."""
        return {"name": self.name, "unsigned": self.unsigned, "settings": self.settings}

    @property
    def ignored(self) -> list[str]:
        """The settings that have no effect in this simulator."""
        return sorted(name for name in self.settings if name not in HONORED)


class UploadPresets:
    """All presets, by name."""

    def __init__(self, database: Database) -> None:
        self._presets = Table(database, "upload_preset", UploadPreset)

    def find(self, name: str) -> UploadPreset | None:
        """Return the preset of this name."""
        return self._presets.get(name)

    def named_by(self, name: str) -> UploadPreset:
        """Return the preset that an upload call names. Raises ``ApiError`` 400."""
        preset = self.find(name)
        if preset is None:
            raise ApiError(400, "Upload preset not found")
        return preset

    def newest_first(self) -> list[UploadPreset]:
        """Return all presets, the one created last first."""
        return sorted(self._presets.values(), key=lambda preset: -preset.number)

    def next_number(self) -> int:
        """Return the number of the next preset."""
        return max((preset.number for preset in self._presets.values()), default=0) + 1

    def save(self, preset: UploadPreset) -> None:
        """Store ``preset`` in place of the one of its name."""
        self._presets.save(preset.name, preset)

    def remove(self, preset: UploadPreset) -> None:
        """Delete ``preset``."""
        self._presets.remove(preset.name)

    def clear(self) -> None:
        """Remove all presets from memory."""
        self._presets.clear()
