"""The review queue, as the ops function returns it page by page."""

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.review.questions import Question
from autotag.domain.review.waiting import Order
from autotag.service.review.queue import ReviewList
from autotag_cli.stack.answer_form import JSON_HINT, as_type

_PAGE = 50


class AssetQuestions(Struct, frozen=True):
    """One asset with its tags in review, and the time ``since`` which they wait (ISO 8601)."""

    asset: AssetRef
    format: str
    folder: str
    since: str
    tags: tuple[Question, ...]
    current_tags: tuple[str, ...] = ()

    def has(self, question: Question) -> bool:
        """Return whether the asset has the tag of ``question`` already, as it may have with one at random."""
        return label_key(question.tag) in label_keys(self.current_tags)


class QueuedAsset(NamedTuple):
    """One asset as the ops function returned it, and whether more assets may follow."""

    answer: dict[str, Any]
    more: bool


class ReviewQueue(Protocol):
    """A client that reads the review queue."""

    def review_list(self, request: ReviewList) -> dict[str, Any]:
        """Return a page of the queue, and the cursor of the next page, or None."""
        ...


def queued_assets(
    ops: ReviewQueue, *, folder: str | None, tag: str | None, page: int = _PAGE, order: Order = "oldest"
) -> Iterator[QueuedAsset]:
    """Yield the assets in review in an order; a page is fetched when it is needed."""
    cursor: str | None = ""
    while cursor is not None:
        answer = ops.review_list(ReviewList(folder or "", tag or "", cursor, page, order))
        cursor = answer["cursor"]
        last = len(answer["assets"]) - 1
        for n, asset in enumerate(answer["assets"]):
            yield QueuedAsset(asset, n < last or cursor is not None)


def read_questions(answer: dict[str, Any]) -> AssetQuestions:
    """Return one asset of the queue; raises ``Failure`` if another version of the service answered."""
    return as_type(answer, AssetQuestions, JSON_HINT)
