"""What a search found, as cells of a grid: a picture, its tags by who set them, and why it is there."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from autotag.domain.search.match import Candidate
from autotag.domain.search.query import Query
from autotag.domain.search.reasons import picture_of, reasons
from autotag.domain.sentences.sentence import Sentence
from autotag_console.pictures import Delivery, Picture, picture_url
from autotag_console.views.tags_by_owner import tags_by_owner

_TAGS = 8
"""Tags of one owner that a cell shows."""


class OwnedTags(NamedTuple):
    """Some tags of one owner, and how many ``more`` there are."""

    tags: tuple[str, ...]
    more: int


class Cell(NamedTuple):
    """An asset that was found; ``page`` is the path of its own page, ``tags`` are by owner."""

    asset_id: str
    name: str
    page: str
    picture: Picture
    tags: Mapping[str, OwnedTags]
    reasons: tuple[Sentence, ...]


def cells_of(found: Iterable[Candidate], query: Query, delivery: Delivery) -> tuple[Cell, ...]:
    """Return the cells of what was found."""
    return tuple(_cell(each, query, delivery) for each in found)


def _cell(candidate: Candidate, query: Query, delivery: Delivery) -> Cell:
    asset, facts = candidate.asset.asset, candidate.asset.facts
    owned = tags_by_owner(picture_of(candidate), ())
    return Cell(
        asset.asset_id,
        asset.public_id or asset.asset_id,
        f"/asset/{quote(asset.asset_id, safe='')}",
        picture_url(delivery, asset, facts.format if facts else "", "grid"),
        {owner: _shown([view.tag for view in views]) for owner, views in owned.items()},
        reasons(query, candidate),
    )


def _shown(tags: list[str]) -> OwnedTags:
    return OwnedTags(tuple(tags[:_TAGS]), max(0, len(tags) - _TAGS))
