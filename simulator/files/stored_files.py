"""The uploaded bytes of assets: in the database if it has a file, else in memory, up to a limit."""

from simulator.core.database import Database
from simulator.core.live_settings import LiveSettings


class StoredFiles:
    """The file of each asset, by asset_id. In memory the oldest files make room for new ones (``kept_file_bytes``)."""

    def __init__(self, database: Database, settings: LiveSettings) -> None:
        self._database = database
        self._settings = settings
        self._memory: dict[str, bytes] = {}
        self._size = 0
        self._dropped: set[str] = set()

    def save(self, asset_id: str, data: bytes) -> None:
        """Store ``data`` in place of the asset's earlier file; without bytes the asset has no file afterwards."""
        self.remove(asset_id)
        if not data:
            return
        if self._database.is_durable:
            self._database.save_file(asset_id, data)
            return
        self._memory[asset_id] = data
        self._size += len(data)
        while self._size > self._settings.current.kept_file_bytes:
            oldest = next(iter(self._memory))
            self._size -= len(self._memory.pop(oldest))
            self._dropped.add(oldest)

    def find(self, asset_id: str) -> bytes | None:
        """Return an asset's file; None if it never had one, or if it was dropped."""
        return self._database.load_file(asset_id) if self._database.is_durable else self._memory.get(asset_id)

    def was_dropped(self, asset_id: str) -> bool:
        """Return whether the asset's file had to make room for newer ones."""
        return asset_id in self._dropped

    def remove(self, asset_id: str) -> None:
        """Delete an asset's file, if it has one."""
        self._database.remove_file(asset_id)
        self._size -= len(self._memory.pop(asset_id, b""))
        self._dropped.discard(asset_id)

    def clear(self) -> None:
        """Remove all files from memory; ``Database.clear`` deletes those of the database."""
        self._memory.clear()
        self._dropped.clear()
        self._size = 0
