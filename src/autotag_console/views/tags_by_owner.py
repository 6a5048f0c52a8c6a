"""The tags of an asset by who set them, each with the sentence that says why it is there."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from autotag.domain.model.audit import Audit
from autotag.domain.model.labels import label_key
from autotag.domain.sentences.people import change_of
from autotag.domain.sentences.picture import Picture
from autotag.domain.sentences.sentence import Sentence
from autotag.domain.sentences.tags import explain_tags

OWNERS = ("autotag", "people", "Cloudinary's auto-tagging", "there before")


class TagView(NamedTuple):
    """A tag with its sentence."""

    tag: str
    sentence: Sentence


def tags_by_owner(picture: Picture, audits: Sequence[Audit]) -> Mapping[str, tuple[TagView, ...]]:
    """Return the tags that are on the asset by ``OWNERS``, without owners of none, each sorted by name."""
    found: dict[str, list[TagView]] = {owner: [] for owner in OWNERS}
    for tag, sentence in explain_tags(picture, audits).items():
        found[_owner(picture, tag)].append(TagView(tag, sentence))
    return {owner: tuple(sorted(views)) for owner, views in found.items() if views}


def _owner(picture: Picture, tag: str) -> str:
    if tag in picture.tags.managed:
        return OWNERS[0]
    change = change_of(picture, tag)
    if change is not None and change.desired == "add":
        return OWNERS[1]
    return OWNERS[2] if label_key(tag) in picture.assigned else OWNERS[3]
