"""Folders: those of the stored assets, and those that were created without assets."""

from msgspec.structs import replace

from simulator.assets.assets import AssetStore
from simulator.core.database import Database
from simulator.core.errors import ApiError

_TABLE = "folder"


class Folders:
    """All folders, as paths without a slash at either end. Each path implies its parent folders."""

    def __init__(self, store: AssetStore, database: Database) -> None:
        self._store = store
        self._database = database
        self._made = database.load(_TABLE, str)

    def below(self, parent: str) -> list[str]:
        """Return the paths of the folders directly in ``parent`` (empty: the root). Raises ``ApiError`` 404."""
        every = self._every()
        if parent and parent not in every:
            raise missing_folder(parent)
        return sorted(path for path in every if path.rpartition("/")[0] == parent)

    def create(self, path: str) -> None:
        """Create a folder; creating it again changes nothing."""
        self._made[path] = path
        self._database.save(_TABLE, path, path)

    def rename(self, path: str, new: str) -> None:
        """Move a folder and its contents to another path. Raises ``ApiError`` 404, or 409 if that path exists."""
        every = self._every()
        if path not in every:
            raise missing_folder(path)
        if new in every:
            raise ApiError(409, f"Folder already exists: {new}")
        for folder in [folder for folder in self._made if folder == path or folder.startswith(path + "/")]:
            del self._made[folder]
            self._database.remove(_TABLE, folder)
            self.create(new + folder.removeprefix(path))
        moved = [a for a in self._store if a.asset_folder == path or a.asset_folder.startswith(path + "/")]
        self._store.save_all([replace(a, asset_folder=new + a.asset_folder.removeprefix(path)) for a in moved])

    def delete(self, path: str) -> list[str]:
        """Delete a folder with its subfolders, and return them. Raises ``ApiError`` 404, or 400 if assets are in it."""
        every = self._every()
        if path not in every:
            raise missing_folder(path)
        within = sorted(folder for folder in every if folder == path or folder.startswith(path + "/"))
        if {asset.asset_folder for asset in self._store}.intersection(within):
            raise ApiError(400, "Folder is not empty")
        for folder in within:
            if self._made.pop(folder, None) is not None:
                self._database.remove(_TABLE, folder)
        return within

    def clear(self) -> None:
        """Remove all folders from memory."""
        self._made.clear()

    def _every(self) -> set[str]:
        paths: set[str] = set()
        for path in {*self._made, *(asset.asset_folder for asset in self._store)}:
            while path and path not in paths:
                paths.add(path)
                path = path.rpartition("/")[0]
        return paths


def missing_folder(path: str) -> ApiError:
    """Return the error for a folder that does not exist."""
    return ApiError(404, f"Can't find folder with path {path}")
