"""What is known of the tags on an asset, in the form in which the operators' API answers ``show``."""

from typing import Literal

from msgspec import Struct, field


class PictureTags(Struct, frozen=True):
    """The managed tags, people's tags, and the tags that reviewers are asked about."""

    managed: tuple[str, ...] = field(name="ours")
    user: tuple[str, ...] = field(name="theirs")
    review: tuple[str, ...] = ()


class PersonChange(Struct, frozen=True, omit_defaults=True):
    """The last change that a person made to a tag, at ``at`` (ISO 8601).

    ``by_upload``: an upload set the tag. ``answer``: the audit_id of the review answer that it was, or "".
    """

    desired: Literal["add", "remove"] = field(name="want")
    at: str
    by_upload: bool = False
    answer: str = ""


class Assignment(Struct, frozen=True):
    """The addition of a tag by Cloudinary's ``auto_tagging`` at ``at`` (ISO 8601).

    ``alone``: no other tag came with it, so it may also be a person's.
    """

    at: str
    alone: bool


class Picture(Struct, frozen=True):
    """The tags on an asset, people's changes by tag, and the tags that Cloudinary added itself, by the tag's key."""

    tags: PictureTags
    people: dict[str, PersonChange] = {}
    assigned: dict[str, Assignment] = {}
