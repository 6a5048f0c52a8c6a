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
    """The questions about one tag, since when the oldest waits (ISO 8601), and how many are asked at random."""

    tag: str
    questions: int
    oldest: str
    samples: int = 0


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

    @property
    def samples(self) -> int:
        """The questions about the listed tags that are asked at random."""
        return sum(each.samples for each in self.tags)

    @property
    def at_random(self) -> str:
        """A sentence about the questions at random, with a space before it; "" if there are none."""
        return (
            f" {self.samples:,} of them {'is' if self.samples == 1 else 'are'} asked at random." if self.samples else ""
        )


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
    waiting = f"{least}{found.questions:,} questions about {found.assets:,} assets wait: {named}{rest}."
    return f"{waiting}{found.at_random}"


def summary_tables(found: QueueSummary) -> "list[Table]":
    """Return the questions by tag and by folder."""
    from autotag_cli.terminal.output import columns_table, plain

    tags, folders = columns_table(), columns_table()
    has_samples = bool(found.samples)
    titles = (
        ("Tag", "left"),
        ("Questions", "right"),
        *((("At random", "right"),) if has_samples else ()),
        ("Oldest", "left"),
    )
    for title, justify in titles:
        tags.add_column(title, justify=justify, overflow="fold")
    for each in found.tags:
        since = plain(each.oldest[:16].replace("T", " "), "dim")
        samples = [f"{each.samples:,}"] if has_samples else []
        tags.add_row(plain(each.tag, "yellow"), f"{each.questions:,}", *samples, since)
    folders.add_column("Folder", overflow="fold")
    folders.add_column("Questions", justify="right")
    for in_folder in found.folders:
        folders.add_row(plain(in_folder.folder or "(root)"), f"{in_folder.questions:,}")
    return [tags, folders]
