"""Folders: those of the stored assets, and those that were created without assets."""

from msgspec.structs import replace

from simulator.assets.assets import AssetStore
from simulator.core.database import Database, Table
from simulator.core.errors import ApiError


class Folders:
    """All folders, as paths without a slash at either end. Each path implies its parent folders."""

    def __init__(self, store: AssetStore, database: Database) -> None:
        self._store = store
        self._created = Table(database, "folder", str)

    def subfolders(self, parent: str) -> list[str]:
        """Return the paths of the folders directly in ``parent`` (empty: the root). Raises ``ApiError`` 404."""
        existing = self._all_paths()
        if parent and parent not in existing:
            raise missing_folder(parent)
        return sorted(path for path in existing if path.rpartition("/")[0] == parent)

    def create(self, path: str) -> None:
        """Create a folder; creating it again changes nothing."""
        self._created.save(path, path)

    def rename(self, path: str, new_path: str) -> None:
        """Move a folder and its contents to another path. Raises ``ApiError`` 404, or 409 if that path exists."""
        existing = self._all_paths()
        if path not in existing:
            raise missing_folder(path)
        if new_path in existing:
            raise ApiError(409, f"Folder already exists: {new_path}")
        for folder in self._created.values():
            if _is_within(folder, path):
                self._created.remove(folder)
                self.create(new_path + folder.removeprefix(path))
        moved = [asset for asset in self._store if _is_within(asset.asset_folder, path)]
        self._store.save_all(
            [replace(asset, asset_folder=new_path + asset.asset_folder.removeprefix(path)) for asset in moved]
        )

    def delete(self, path: str) -> list[str]:
        """Delete a folder with its subfolders, and return them. Raises ``ApiError`` 404, or 400 if assets are in it."""
        existing = self._all_paths()
        if path not in existing:
            raise missing_folder(path)
        within = sorted(folder for folder in existing if _is_within(folder, path))
        if {asset.asset_folder for asset in self._store}.intersection(within):
            raise ApiError(400, "Folder is not empty")
        for folder in within:
            self._created.remove(folder)
        return within

    def clear(self) -> None:
        """Remove all folders from memory."""
        self._created.clear()

    def _all_paths(self) -> set[str]:
        paths: set[str] = set()
        for path in {*self._created.values(), *(asset.asset_folder for asset in self._store)}:
            while path and path not in paths:
                paths.add(path)
                path = path.rpartition("/")[0]
        return paths


def _is_within(folder: str, path: str) -> bool:
    return folder == path or folder.startswith(path + "/")


def missing_folder(path: str) -> ApiError:
    """Return the error for a folder that does not exist."""
    return ApiError(404, f"Can't find folder with path {path}")
