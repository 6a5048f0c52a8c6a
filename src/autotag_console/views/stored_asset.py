"""One asset as the ops function shows it; fields that a page does not need are ignored."""

from msgspec import Struct

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.sentences.picture import Assignment, PersonChange, Picture, PictureTags


class StoredIntent(Struct, frozen=True):
    """The changes that are being written to Cloudinary."""

    add: tuple[str, ...]
    remove: tuple[str, ...]


class Cloud(Struct, frozen=True):
    """Where the stack's pictures are delivered; ``cloud_name`` is "" if the stack does not know it."""

    cloud_name: str = ""


class StoredAsset(Struct, frozen=True):
    """The state of one asset; times are ISO 8601 in UTC."""

    asset: AssetRef
    status: str
    tags: PictureTags
    people: dict[str, PersonChange]
    rules_version: str
    assigned: dict[str, Assignment] = {}
    facts: Facts | None = None
    intent: StoredIntent | None = None
    decided_at: str | None = None
    delivery: Cloud = Cloud()

    @property
    def format(self) -> str:
        """The asset's own format, such as ``jpg``; "" if it is not known."""
        return self.facts.format if self.facts else ""

    @property
    def picture(self) -> Picture:
        """What is known of its tags, for sentences."""
        return Picture(self.tags, self.people, self.assigned)
