"""Folders: those in which an asset is or was, and those that were created; each stays until it is deleted.

Source: cloudinary_npm api_spec, "delete_folder": a folder whose only asset was deleted is still listed.
"""

import secrets
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from simulator.assets.assets import Asset
from simulator.core.clock import Clock
from simulator.core.database import Database, Table
from simulator.core.errors import ApiError
from simulator.core.live_settings import LiveSettings


class Folder(Struct, frozen=True):
    """One folder. ``path`` has no slash at either end; ``external_id`` stays; ``created_at`` is unix seconds."""

    path: str
    external_id: str
    created_at: float

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


class Folders:
    """All folders; with each one its parent folders are there, too."""

    def __init__(self, database: Database, clock: Clock, settings: LiveSettings) -> None:
        self._folders = Table(database, "asset_folder", Folder)
        self._clock = clock
        self._settings = settings

    def all(self) -> list[Folder]:
        """Return all folders, in the order in which they were created."""
        return self._folders.values()

    def within(self, parent: str) -> list[Folder]:
        """Return the folders directly in ``parent`` (empty: the root), by path. Raises ``ApiError`` 404."""
        if parent:
            self._existing(parent)
        inside = [folder for folder in self.all() if folder.path.rpartition("/")[0] == parent]
        return sorted(inside, key=lambda folder: folder.path)

    def create(self, path: str) -> Folder:
        """Create a folder and its parents, and return it; creating it again changes nothing."""
        self._create_missing([path])
        return self._existing(path)

    def add_those_of(self, assets: Iterable[Asset]) -> None:
        """Create the folders of ``assets`` that do not exist."""
        self._create_missing({self.of(asset) for asset in assets})

    def of(self, asset: Asset) -> str:
        """Return the folder of an asset: its own, or in accounts with fixed folders the one in its public_id."""
        fixed = self._settings.current.folder_mode == "fixed"
        return asset.public_id.rpartition("/")[0] if fixed else asset.asset_folder

    def located(self, asset: Asset) -> Asset:
        """Return ``asset`` with ``asset_folder`` as its folder, in accounts with fixed folders, too."""
        folder = self.of(asset)
        return asset if folder == asset.asset_folder else replace(asset, asset_folder=folder)

    def rename(self, path: str, new_path: str) -> None:
        """Move a folder and the folders in it to another path. Raises ``ApiError`` 404, or 409 if that path exists."""
        self._existing(path)
        if self._folders.get(new_path) is not None:
            raise ApiError(409, f"Folder already exists: {new_path}")
        moved = [folder for folder in self.all() if is_within(folder.path, path)]
        self._create_missing([new_path.rpartition("/")[0]])
        renamed = [replace(folder, path=new_path + folder.path.removeprefix(path)) for folder in moved]
        self._folders.save_all([(folder.path, folder) for folder in renamed])
        for folder in moved:
            self._folders.remove(folder.path)

    def delete(self, path: str, assets: Iterable[Asset]) -> list[str]:
        """Delete a folder with its subfolders, and return their paths.

        Raises ``ApiError`` 404, or 400 if one of ``assets`` is in any of them. Source: the docstring of pycloudinary's
        ``delete_folder``: it must be empty, but may have empty subfolders.
        """
        self._existing(path)
        if any(is_within(self.of(asset), path) for asset in assets):
            raise ApiError(400, "Folder is not empty")
        deleted = sorted(folder.path for folder in self.all() if is_within(folder.path, path))
        for each in deleted:
            self._folders.remove(each)
        return deleted

    def clear(self) -> None:
        """Remove all folders from memory."""
        self._folders.clear()

    def _existing(self, path: str) -> Folder:
        folder = self._folders.get(path)
        if folder is None:
            raise ApiError(404, f"Can't find folder with path {path}")
        return folder

    def _create_missing(self, paths: Iterable[str]) -> None:
        now, missing = self._clock.now(), dict[str, Folder]()
        for path in paths:
            while path and path not in missing and self._folders.get(path) is None:
                missing[path] = Folder(path, secrets.token_hex(17), now)
                path = path.rpartition("/")[0]
        if missing:
            self._folders.save_all([*reversed(missing.items())])


def is_within(folder: str, path: str) -> bool:
    """Return whether ``folder`` is ``path`` or below it."""
    return folder == path or folder.startswith(path + "/")
