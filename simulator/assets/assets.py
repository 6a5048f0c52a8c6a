"""The stored assets.

Assets are immutable values: a change saves a new value.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from simulator.core.database import Database, Table
from simulator.files.stored_files import StoredFiles

AssetKey = tuple[str, str, str]
"""(resource_type, type, public_id): unique at any time, but it can change, while the asset_id never changes."""


MetadataValue = str | int | list[str]
"""A value of structured metadata: text, an ISO date, a whole number, an external_id of a datasource, or several."""


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
    """One asset. ``version`` is the time of its upload in unix seconds, ``created_at`` the same with a fraction.

    ``content`` is what the file's first bytes show: its format, ``broken``, or nothing for a file that stands for a
    picture. ``last_updated`` has the times of later changes (unix seconds), by field.
    """

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
    metadata: dict[str, MetadataValue] = {}
    categorization: dict[str, Categorization] = {}
    original_extension: str = ""
    content: str = ""
    last_updated: dict[str, float] = {}

    @property
    def key(self) -> AssetKey:
        """The key by which the asset is found, besides its asset_id."""
        return self.resource_type, self.type, self.public_id


class AssetStore:
    """Assets in memory, in the order of their first upload, and in the database if it has a file. Each has its file.

    ``now`` returns the time of a change in unix seconds. ``on_saved`` is called with the assets of each save, and at
    first with all that are stored.
    """

    def __init__(
        self,
        database: Database,
        files: StoredFiles,
        now: Callable[[], float],
        on_saved: Callable[[list[Asset]], None],
    ) -> None:
        self.files = files
        self._assets = Table(database, "asset", Asset)
        self._now = now
        self._ids: dict[AssetKey, str] = {asset.key: asset.asset_id for asset in self._assets.values()}
        self._on_saved = on_saved
        on_saved(self._assets.values())

    def find(self, key: AssetKey) -> Asset | None:
        """Return the asset that has ``key`` now."""
        asset_id = self._ids.get(key)
        return self._assets.get(asset_id) if asset_id else None

    def by_id(self, asset_id: str) -> Asset | None:
        """Return the asset with this immutable id."""
        return self._assets.get(asset_id)

    def save(self, asset: Asset) -> Asset:
        """Store ``asset`` in place of the one with its asset_id, and return it with the times of its changes."""
        return self.save_all([asset])[0]

    def save_all(self, assets: list[Asset]) -> list[Asset]:
        """Save many assets at once, and return them with the times of their changes."""
        before, now = [self._assets.get(asset.asset_id) for asset in assets], self._now()
        assets = [_stamped(old, asset, now) for old, asset in zip(before, assets, strict=True)]
        self._assets.save_all([(asset.asset_id, asset) for asset in assets])
        for old, asset in zip(before, assets, strict=True):
            if old is not None and old.key != asset.key:
                del self._ids[old.key]
            self._ids[asset.key] = asset.asset_id
        self._on_saved(assets)
        return assets

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


_WITH_TIMES = ("context", "metadata", "public_id", "tags")


def _stamped(before: Asset | None, after: Asset, at: float) -> Asset:
    """Return ``after`` with the times at which its values last changed; ``before`` is what it replaces at ``at``.

    Source: CloudinaryDotNet, class ``LastUpdated`` (the names). In public answers of lists and searches of 2024 and
    2025, an asset that had not changed since its upload had none, so an overwrite starts again without them.
    """
    if before is None or before.version != after.version:
        return replace(after, last_updated={}) if after.last_updated else after
    changed = [field for field in _WITH_TIMES if getattr(before, field) != getattr(after, field)]
    moved = (before.asset_folder, before.display_name) != (after.asset_folder, after.display_name)
    times = before.last_updated | dict.fromkeys([*changed, "updated"], at) if changed or moved else before.last_updated
    return replace(after, last_updated=times)
