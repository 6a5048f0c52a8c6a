"""The stored assets.

Assets are immutable values: a change saves a new value.
"""

from collections.abc import Iterator

from msgspec import Struct

from simulator.core.database import Database, Table
from simulator.files.stored_files import StoredFiles

AssetKey = tuple[str, str, str]
"""(resource_type, type, public_id): unique at any time, but it can change, while the asset_id never changes."""


class Label(Struct, frozen=True):
    """One detected label; ``confidence`` is 0 to 1."""

    tag: str
    confidence: float


class Categorization(Struct, frozen=True):
    """One provider's result: ``status`` is complete, pending or failed, ``error`` the text of a failure."""

    status: str
    labels: tuple[Label, ...] = ()
    error: str = ""


class Asset(Struct, frozen=True):
    """One asset. ``version`` is the time of its upload in unix seconds, ``created_at`` the same with a fraction."""

    asset_id: str
    public_id: str
    resource_type: str
    type: str
    version: int
    version_id: str
    created_at: float
    bytes: int
    digest: str
    etag: str
    format: str
    width: int
    height: int
    original_filename: str
    asset_folder: str
    display_name: str
    remote_url: str = ""
    tags: tuple[str, ...] = ()
    context: dict[str, str] = {}
    metadata: dict[str, str] = {}
    categorization: dict[str, Categorization] = {}

    @property
    def key(self) -> AssetKey:
        """The key by which the asset is found, besides its asset_id."""
        return self.resource_type, self.type, self.public_id


class AssetStore:
    """Assets in memory, in the order of their first upload, and in the database if it has a file. Each has its file."""

    def __init__(self, database: Database, files: StoredFiles) -> None:
        self.files = files
        self._assets = Table(database, "asset", Asset)
        self._ids: dict[AssetKey, str] = {asset.key: asset.asset_id for asset in self._assets.values()}

    def find(self, key: AssetKey) -> Asset | None:
        """Return the asset that has ``key`` now."""
        asset_id = self._ids.get(key)
        return self._assets.get(asset_id) if asset_id else None

    def by_id(self, asset_id: str) -> Asset | None:
        """Return the asset with this immutable id."""
        return self._assets.get(asset_id)

    def save(self, asset: Asset) -> Asset:
        """Store ``asset`` in place of the one with its asset_id, and return it."""
        self.save_all([asset])
        return asset

    def save_all(self, assets: list[Asset]) -> None:
        """Save many assets at once."""
        before = [self._assets.get(asset.asset_id) for asset in assets]
        self._assets.save_all([(asset.asset_id, asset) for asset in assets])
        for old, asset in zip(before, assets, strict=True):
            if old is not None and old.key != asset.key:
                del self._ids[old.key]
            self._ids[asset.key] = asset.asset_id

    def remove(self, asset: Asset) -> None:
        """Delete ``asset``."""
        self._assets.remove(asset.asset_id)
        self.files.remove(asset.asset_id)
        del self._ids[asset.key]

    def __iter__(self) -> Iterator[Asset]:
        return iter(self._assets.values())

    def __len__(self) -> int:
        return len(self._assets)

    def clear(self) -> None:
        """Remove all assets and their files from memory."""
        self._assets.clear()
        self.files.clear()
        self._ids.clear()
