"""What waits in the review queue: how many questions, by tag and by folder."""

from msgspec import Struct
from starlette.requests import Request

from autotag.domain.model.labels import label_key
from autotag.service.review.summary import ReviewSummary
from autotag_console.kept import Kept


class TagCount(Struct, frozen=True):
    """The questions about one tag, which is its key; ``oldest`` is when the oldest was asked (ISO 8601).

    ``samples`` of them are asked at random.
    """

    tag: str
    questions: int
    oldest: str | None = None
    samples: int = 0

    def is_of(self, tag: str) -> bool:
        """Return whether the number is that of ``tag``, however it is spelled."""
        return label_key(self.tag) == label_key(tag)


class Summary(Struct, frozen=True):
    """The queue in numbers; ``tags`` begins with the tag that has the most questions.

    Of the tags of ``unindexed`` assets the index does not know.
    """

    assets: int
    questions: int
    tags: tuple[TagCount, ...] = ()
    cloud_name: str = ""
    unindexed: int = 0


async def summary_of(request: Request, folder: str) -> Summary:
    """Return the numbers of a folder (a glob), "" for all. Raises what ``asked`` raises."""
    kept: Kept = request.app.state.kept
    return await kept.shared(request, ReviewSummary(folder), Summary)
