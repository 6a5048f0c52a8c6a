"""A bulk run: the action, the known assets that it selects, and its progress.

Times ending in ``_at`` are unix milliseconds.
"""

from functools import lru_cache
from typing import Annotated, Literal

from msgspec import Meta, Struct

from autotag.domain.model.asset import FolderMove
from autotag.domain.model.folder_glob import folder_pattern
from autotag.domain.state.asset_state import AssetState, Status

Asked = Literal["retag", "revert", "backfill"]
"""The kinds of runs that an operator can start."""

Action = Literal[Asked, "move"]
RunStatus = Literal["running", "paused", "cancelled", "done"]

SEGMENTS = 4
"""Number of parts of the table that a run scans independently of each other."""

RATE = 25
"""Default pace of a run in assets a second: about half of what one worker can change."""

_pattern = lru_cache(maxsize=64)(folder_pattern)

_Glob = Annotated[str, Meta(max_length=1024)]


class Filter(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A filter of assets: every given field must match. ``folder`` and ``public_id`` are globs, ``tag`` a managed tag.

    ``since`` and ``until`` (ms) limit the time of the last decision. ``rules_before``: its rules have a lower number.
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
        """Return whether the filter selects the asset of ``state``."""
        folder = state.facts.folder if state.facts else ""
        return (
            (not self.assets or state.asset.asset_id in self.assets or state.asset.public_id in self.assets)
            and (not self.statuses or state.status in self.statuses)
            and (not self.tag or self.tag in state.managed_tags)
            and (not self.rules_before or state.rules_seq < self.rules_before)
            and state.final_at >= self.since
            and (not self.until or state.final_at <= self.until)
            and (not self.public_id or _pattern(self.public_id).fullmatch(state.asset.public_id) is not None)
            and (not self.folder or _pattern(self.folder).fullmatch(folder) is not None)
        )


class RevertSelection(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The decisions that a revert undoes: those of a run, of rules, in a time (ms), as far as they concern ``tag``.

    Without a run, rules and a time, it removes every managed tag, or only ``tag``.
    """

    run: Annotated[str, Meta(max_length=64)] = ""
    rules: Annotated[str, Meta(max_length=64)] = ""
    since: Annotated[int, Meta(ge=0)] = 0
    until: Annotated[int, Meta(ge=0)] = 0
    tag: Annotated[str, Meta(max_length=255)] = ""

    @property
    def everything(self) -> bool:
        """Return whether all managed tags are undone, whatever the history."""
        return not (self.run or self.rules or self.since or self.until)


class BackfillSource(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The assets that a backfill lists in Cloudinary, and whether it categorizes those without labels (a unit each)."""

    resource_type: Literal["image", "video"] = "image"
    type: Literal["upload", "private", "authenticated"] = "upload"
    prefix: Annotated[str, Meta(max_length=1024)] = ""
    categorize: bool = False
    max_units: Annotated[int, Meta(ge=0)] = 0


class Counts(Struct, frozen=True):
    """Numbers of assets: ``seen``, ``planned`` to change, ``done`` (changed) and ``failed`` (refused, or gone by then).

    A planned asset that is neither done nor failed needed no change by then. ``missed``: assets that another worker was
    processing in this pass. ``calls`` are calls of Cloudinary's Upload API, ``reads`` of its Admin API, ``units`` are
    those of the add-on. ``renamed``: planned assets on which a tag is written under another name.
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

    def plus(self, other: "Counts") -> "Counts":
        """Return the sum of both."""
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__struct_fields__))


class Group(Struct, frozen=True):
    """Assets that need the same change, so that one call can make it."""

    id: str
    asset_ids: tuple[str, ...]


class Run(Struct, frozen=True):
    """One run. ``rules_seq``: decide under these rules or later ones. ``by`` is the operator who started it.

    A ``move`` follows folders through ``moves``, the oldest first.

    ``cursors`` are the positions of the segments that are not finished. ``outbox`` holds the groups of a page, by
    segment, until they are queued. ``groups`` are the ids of the groups that are not processed yet. Resuming after a
    stop, or another pass for missed assets, starts a new ``epoch`` and drops the groups in progress. The run does not
    continue before ``due_at``. ``max_calls`` of 0 is no limit; ``why`` says why a run was stopped. ``refresh``: first
    read assets that were not seen since the run began. At ``rate`` assets a second, the queued groups take until
    ``free_at``. A process is working on a backfill until ``held_until``. Times are in unix milliseconds.
    """

    id: str
    action: Action
    by: str
    created_at: int
    status: RunStatus = "running"
    why: str = ""
    filter: Filter = Filter()
    undo: RevertSelection = RevertSelection()
    listing: BackfillSource = BackfillSource()
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


def initial_cursors(action: Action) -> dict[str, str]:
    """Return the initial cursors of a run's segments; a backfill has only one segment."""
    return {str(segment): "" for segment in range(1 if action == "backfill" else SEGMENTS)}
