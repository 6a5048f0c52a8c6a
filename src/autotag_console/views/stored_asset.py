"""One asset as the ops function shows it; fields that a page does not need are ignored."""

from msgspec import Struct, field

from autotag.domain.model.asset import AssetRef, Facts


class Tags(Struct, frozen=True):
    """The tags of an asset: managed tags, all other tags, tags in review.

    ``assigned``: keys of the tags that Cloudinary's own ``auto_tagging`` seems to have added.
    """

    managed: tuple[str, ...] = field(name="ours")
    user: tuple[str, ...] = field(name="theirs")
    review: tuple[str, ...]
    assigned: tuple[str, ...] = ()


class Preference(Struct, frozen=True):
    """What a person last wanted of a tag (``add`` or ``remove``), and since when (ISO 8601)."""

    want: str
    at: str


class StoredLabel(Struct, frozen=True):
    """A label with its confidence (0-1)."""

    label: str
    confidence: float


class ProviderResult(Struct, frozen=True):
    """The result of one provider."""

    status: str
    observed_at: str
    error: str
    labels: tuple[StoredLabel, ...]


class StoredIntent(Struct, frozen=True):
    """The changes that are being written to Cloudinary."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


class Cloud(Struct, frozen=True):
    """Where the stack's pictures are delivered."""

    cloud_name: str = ""


class StoredAsset(Struct, frozen=True):
    """The state of one asset; times are ISO 8601 in UTC."""

    asset: AssetRef
    status: str
    tags: Tags
    people: dict[str, Preference]
    categorizations: dict[str, ProviderResult]
    rules_version: str
    facts: Facts | None = None
    intent: StoredIntent | None = None
    decided_at: str | None = None
    delivery: Cloud = Cloud()

    @property
    def format(self) -> str:
        """The asset's own format, such as ``jpg``; "" if it is not known."""
        return self.facts.format if self.facts else ""
