"""The numbers of questions in the review queue, as a sentence and as tables."""

from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.service.review.summary import ReviewSummary
from autotag_cli.errors import Failure
from autotag_cli.stack.answer_form import JSON_HINT, as_type

if TYPE_CHECKING:
    from rich.table import Table

_FIRST = 5
"""Tags that a sentence names."""


class TagCount(Struct, frozen=True):
    """The questions about one tag, and since when the oldest waits (ISO 8601)."""

    tag: str
    questions: int
    oldest: str


class FolderCount(Struct, frozen=True):
    """The questions about the assets of one folder."""

    folder: str
    questions: int


class QueueSummary(Struct, frozen=True):
    """The summary of the review queue, as the ops function answers it."""

    assets: int
    questions: int
    oldest: str | None
    tags: tuple[TagCount, ...]
    folders: tuple[FolderCount, ...]
    unindexed: int
    partial: bool
    tags_left_out: int = 0
    folders_left_out: int = 0


class SummaryClient(Protocol):
    """A client that reads the summary of the review queue."""

    def review_summary(self, request: ReviewSummary) -> dict[str, Any]:
        """Return the numbers of questions by tag and by folder."""
        ...


def read_summary(answer: dict[str, Any]) -> QueueSummary:
    """Return a summary; raises ``Failure`` if another version of the service answered."""
    return as_type(answer, QueueSummary, JSON_HINT)


def counts_sentence(ops: SummaryClient, folder: str | None) -> str:
    """Return how many questions wait, and about which tags; "" if the stack cannot tell."""
    try:
        found = read_summary(ops.review_summary(ReviewSummary(folder or "")))
    except (Failure, Invalid):  # the list itself was answered: an older stack, or one that is busy
        return ""
    if not found.tags:
        return ""
    named = ", ".join(f"{each.tag} {each.questions:,}" for each in found.tags[:_FIRST])
    more = len(found.tags) - _FIRST + found.tags_left_out
    rest = f" and {more:,} more tags" if more > 0 else ""
    least = "At least " if found.partial else ""
    return f"{least}{found.questions:,} questions about {found.assets:,} assets wait: {named}{rest}."


def summary_tables(found: QueueSummary) -> "list[Table]":
    """Return the questions by tag and by folder."""
    from autotag_cli.terminal.output import columns_table, plain

    tags, folders = columns_table(), columns_table()
    for title, justify in (("Tag", "left"), ("Questions", "right"), ("Oldest", "left")):
        tags.add_column(title, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for each in found.tags:
        since = plain(each.oldest[:16].replace("T", " "), "dim")
        tags.add_row(plain(each.tag, "yellow"), f"{each.questions:,}", since)
    folders.add_column("Folder", overflow="fold")
    folders.add_column("Questions", justify="right")
    for in_folder in found.folders:
        folders.add_row(plain(in_folder.folder or "(root)"), f"{in_folder.questions:,}")
    return [tags, folders]
