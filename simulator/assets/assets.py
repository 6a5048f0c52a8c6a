"""The stored assets.

Assets are immutable values: a change saves a new value.
"""

from collections.abc import Iterator

from msgspec import Struct

from simulator.core.database import Database

Key = tuple[str, str, str]
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
    def key(self) -> Key:
        """The key by which the asset is found, besides its asset_id."""
        return self.resource_type, self.type, self.public_id


_TABLE = "asset"


class AssetStore:
    """Assets in memory, in the order of their first upload, and in the database if it has a file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_id = database.load(_TABLE, Asset)
        self._ids: dict[Key, str] = {asset.key: asset.asset_id for asset in self._by_id.values()}

    def find(self, key: Key) -> Asset | None:
        """Return the asset that has ``key`` now."""
        asset_id = self._ids.get(key)
        return self._by_id[asset_id] if asset_id else None

    def by_id(self, asset_id: str) -> Asset | None:
        """Return the asset with this immutable id."""
        return self._by_id.get(asset_id)

    def save(self, asset: Asset) -> Asset:
        """Store ``asset`` in place of the one with its asset_id, and return it."""
        self._database.save(_TABLE, asset.asset_id, asset)
        self._put(asset)
        return asset

    def save_all(self, assets: list[Asset]) -> None:
        """Save many assets at once."""
        self._database.save_all(_TABLE, ((asset.asset_id, asset) for asset in assets))
        for asset in assets:
            self._put(asset)

    def _put(self, asset: Asset) -> None:
        before = self._by_id.get(asset.asset_id)
        if before is not None and before.key != asset.key:
            del self._ids[before.key]
        self._by_id[asset.asset_id] = asset
        self._ids[asset.key] = asset.asset_id

    def remove(self, asset: Asset) -> None:
        """Delete ``asset``."""
        self._database.remove(_TABLE, asset.asset_id)
        del self._by_id[asset.asset_id]
        del self._ids[asset.key]

    def __iter__(self) -> Iterator[Asset]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def clear(self) -> None:
        """Remove all assets from memory."""
        self._by_id.clear()
        self._ids.clear()
