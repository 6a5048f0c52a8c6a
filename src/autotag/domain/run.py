"""A bulk run: what is to be done to which of the assets that are known, and how far it is.

Times ending in ``_at`` are unix milliseconds.
"""

from functools import lru_cache
from typing import Annotated, Literal

from msgspec import Meta, Struct

from autotag.domain.glob import folder_pattern
from autotag.domain.state import AssetState, Status

Asked = Literal["retag", "revert", "backfill"]
"""What an operator may start."""

Action = Literal[Asked, "move"]
RunStatus = Literal["running", "paused", "cancelled", "done"]

SEGMENTS = 4
"""Parts of the table that a run goes through independently of each other."""

RATE = 25
"""Assets a second of a run that does not say otherwise; about half of what one worker could change."""

_pattern = lru_cache(maxsize=64)(folder_pattern)

_Glob = Annotated[str, Meta(max_length=1024)]


class Filter(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which assets: all that is given must hold. ``folder`` and ``public_id`` are globs, ``tag`` is one of ours.

    ``since`` and ``until`` (ms) are of the last decision; ``rules_before``: decided under rules of a lower number.
    """

    folder: _Glob = ""
    public_id: _Glob = ""
    tag: Annotated[str, Meta(max_length=255)] = ""
    since: Annotated[int, Meta(ge=0)] = 0
    until: Annotated[int, Meta(ge=0)] = 0
    rules_before: Annotated[int, Meta(ge=0)] = 0
    statuses: Annotated[tuple[Status, ...], Meta(max_length=8)] = ()
    assets: Annotated[tuple[str, ...], Meta(max_length=1000)] = ()

    def admits(self, state: AssetState) -> bool:
        """Whether the asset of ``state`` is meant."""
        folder = state.facts.folder if state.facts else ""
        return (
            (not self.assets or state.asset.asset_id in self.assets or state.asset.public_id in self.assets)
            and (not self.statuses or state.status in self.statuses)
            and (not self.tag or self.tag in state.ours)
            and (not self.rules_before or state.rules_seq < self.rules_before)
            and state.final_at >= self.since
            and (not self.until or state.final_at <= self.until)
            and (not self.public_id or _pattern(self.public_id).fullmatch(state.asset.public_id) is not None)
            and (not self.folder or _pattern(self.folder).fullmatch(folder) is not None)
        )


class Undo(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which decisions a revert undoes: those of a run, under rules, in a time (ms), as far as they concern ``tag``.

    Where neither run, rules nor time is given: every tag of ours, or every one that is ``tag``.
    """

    run: Annotated[str, Meta(max_length=64)] = ""
    rules: Annotated[str, Meta(max_length=64)] = ""
    since: Annotated[int, Meta(ge=0)] = 0
    until: Annotated[int, Meta(ge=0)] = 0
    tag: Annotated[str, Meta(max_length=255)] = ""

    @property
    def everything(self) -> bool:
        """Whether what is undone does not depend on the history."""
        return not (self.run or self.rules or self.since or self.until)


class Listing(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a backfill lists in Cloudinary, and whether assets without labels are categorized, at a unit each."""

    resource_type: Literal["image", "video"] = "image"
    type: Literal["upload", "private", "authenticated"] = "upload"
    prefix: Annotated[str, Meta(max_length=1024)] = ""
    categorize: bool = False
    max_units: Annotated[int, Meta(ge=0)] = 0


class FolderMove(Struct, frozen=True):
    """A folder, with all in it, has another path since ``at`` (ms)."""

    from_folder: str
    to_folder: str
    at: int


class Counts(Struct, frozen=True):
    """``seen`` assets, ``planned`` to be changed, ``done`` (changed) and ``failed`` (refused, or gone by then).

    Planned ones that are neither in the end had changed by themselves. ``missed``, in this pass, are those that
    somebody else was at work on. ``calls`` are to Cloudinary's Upload API,
    ``reads`` from its Admin API, ``units`` of the add-on.
    """

    seen: int = 0
    planned: int = 0
    done: int = 0
    failed: int = 0
    calls: int = 0
    reads: int = 0
    units: int = 0
    missed: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Return the sum of both."""
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__))


class Group(Struct, frozen=True):
    """Assets of which the same is to change, so that one call may do it."""

    id: str
    asset_ids: tuple[str, ...]


class Run(Struct, frozen=True):
    """One run. ``rules_seq``: decided under these rules or later ones; ``by`` is who started it.

    A ``move`` follows folders through ``moves``, the oldest first.

    ``cursors`` say where each segment that is not through goes on; ``outbox`` holds what a page of a segment gave,
    from when that is known until it is queued; ``groups`` are the ids of those that are not handled yet. Going on
    after a stop, or once more for what was missed, begins a new ``epoch``, and forgets what was under way.
    It is not gone on with before ``due_at``. ``max_calls`` of 0 is no limit; ``why`` says why a run was stopped.
    ``refresh``: assets that were not seen since the run began are read first.
    What is queued takes until ``free_at`` at ``rate`` assets a second. One poller holds a backfill until
    ``held_until``. Times are in unix milliseconds.
    """

    id: str
    action: Action
    by: str
    created_at: int
    status: RunStatus = "running"
    why: str = ""
    filter: Filter = Filter()
    undo: Undo = Undo()
    listing: Listing = Listing()
    moves: tuple[FolderMove, ...] = ()
    rules_seq: int = 0
    max_calls: int = 0
    rate: int = RATE
    dry_run: bool = False
    refresh: bool = False
    epoch: int = 0
    pages: int = 0
    cursors: dict[str, str] = {}
    outbox: dict[str, tuple[Group, ...]] = {}
    groups: frozenset[str] = frozenset()
    counts: Counts = Counts()
    due_at: int = 0
    free_at: int = 0
    held_until: int = 0
    ended_at: int = 0


def beginnings(action: Action) -> dict[str, str]:
    """Return where the segments of a run begin; what a backfill lists has one alone."""
    return {str(segment): "" for segment in range(1 if action == "backfill" else SEGMENTS)}
