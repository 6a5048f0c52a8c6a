"""How far a run has come: its groups, its counts, and its segments, each of which is planned on its own."""

from msgspec import Struct
from msgspec.structs import replace

GROUP = 250
"""The most assets in a group: a worker finishes it well within its minute."""

CHANGES = 50
"""The most different changes in a group: a hundred calls, one after another, leave a worker time for all else."""


class Counts(Struct, frozen=True):
    """Numbers of assets: ``seen``, ``planned`` to change, ``done`` (changed) and ``failed`` (refused, or gone by then).

    A planned asset that is neither done nor failed needed no change by then. Of those that failed, ``gone`` were no
    longer there, ``too_large`` could not be stored, and Cloudinary refused the others. ``missed``: assets that another
    worker was processing in this pass. ``calls`` are calls of Cloudinary's Upload API, ``reads`` of its Admin API,
    ``units`` are those of the add-on. ``renamed``: planned assets on which a tag is written under another name.
    """

    seen: int = 0
    planned: int = 0
    done: int = 0
    failed: int = 0
    calls: int = 0
    reads: int = 0
    units: int = 0
    missed: int = 0
    renamed: int = 0
    gone: int = 0
    too_large: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Return the sum of both."""
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__))


class Group(Struct, frozen=True):
    """Assets that one worker changes. ``id`` is ``epoch.segment.page.n``, so no two groups of a run have the same."""

    id: str
    asset_ids: tuple[str, ...]


def group_id(epoch: int, segment: str, page: int, number: int) -> str:
    """Return the id of a group: the ``number``-th of a page of a segment, in a pass over the library."""
    return f"{epoch}.{segment}.{page}.{number}"


def segment_of(group: str) -> str:
    """Return the segment in a group's id; "" if it is not the id of a group."""
    parts = group.split(".")
    return parts[1] if len(parts) == 4 else ""


class Segment(Struct, frozen=True):
    """The progress of one segment in the run's pass ``epoch``; a segment of an earlier pass has not begun.

    ``pages`` were planned, the next one begins at ``cursor`` (None: there is no other). ``outbox`` holds the groups of
    the last page until they are queued, ``groups`` the ids of those that are not processed yet. The counts are those of
    every pass, but for ``missed``.
    """

    epoch: int = 0
    pages: int = 0
    cursor: str | None = ""
    outbox: tuple[Group, ...] = ()
    groups: frozenset[str] = frozenset()
    counts: Counts = Counts()

    @property
    def is_through(self) -> bool:
        """Return whether nothing of this pass is left. From then on the segment does not change in this pass."""
        return self.cursor is None and not self.outbox and not self.groups


def in_pass(stored: Segment | None, epoch: int) -> Segment:
    """Return a segment as it counts in the pass ``epoch``: one of another pass, or none, has not begun."""
    if stored is None:
        return Segment(epoch)
    if stored.epoch == epoch:
        return stored
    return Segment(epoch, counts=replace(stored.counts, missed=0))
