"""A bulk run: the action, the known assets that it selects, and its progress.

Times ending in ``_at`` are unix milliseconds.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from autotag.domain.model.asset import FolderMove
from autotag.domain.model.folder_glob import folder_pattern
from autotag.domain.runs.progress import Counts, Segment, in_pass
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
    """The assets that a backfill lists in Cloudinary, and whether those without labels get some, for a unit each.

    ``categorize``: by an add-on of Cloudinary. ``detect``: by a call of Rekognition.
    """

    resource_type: Literal["image", "video"] = "image"
    type: Literal["upload", "private", "authenticated"] = "upload"
    prefix: Annotated[str, Meta(max_length=1024)] = ""
    categorize: bool = False
    max_units: Annotated[int, Meta(ge=0)] = 0
    detect: bool = False


class Run(Struct, frozen=True):
    """One run. ``rules_seq``: decide under these rules or later ones. ``by`` is the operator who started it.

    A ``move`` follows folders through ``moves``, the oldest first.

    ``segments`` are as they count in the present pass, ``epoch``. Resuming after a stop, or another pass for missed
    assets, begins a new one and drops the groups in progress. ``counts`` are those of the run and all its segments. The
    run does not continue before ``due_at``. ``max_calls`` of 0 is no limit; ``why`` says why a run was stopped.
    ``refresh``: first read assets that were not seen since the run began. At ``rate`` assets a second, the queued
    groups take until ``free_at``. A process is working on a backfill until ``held_until``. Times are in unix
    milliseconds.
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
    segments: dict[str, Segment] = {}
    counts: Counts = Counts()
    due_at: int = 0
    free_at: int = 0
    held_until: int = 0
    ended_at: int = 0

    @property
    def segment_names(self) -> tuple[str, ...]:
        """Return the names of its segments: a backfill and a run over named assets have only one."""
        return tuple(map(str, range(1 if self.action == "backfill" or self.filter.assets else SEGMENTS)))

    @property
    def groups(self) -> frozenset[str]:
        """Return the ids of the groups that are not processed yet."""
        return frozenset().union(*(segment.groups for segment in self.segments.values()))

    @property
    def is_through(self) -> bool:
        """Return whether nothing of this pass is left."""
        return all(segment.is_through for segment in self.segments.values())


def with_progress(run: Run, stored: Mapping[str, Segment]) -> Run:
    """Return ``run``, with its own counts, as it is with the segments that are stored, by name."""
    segments = {name: in_pass(stored.get(name), run.epoch) for name in run.segment_names}
    counts = run.counts
    for segment in segments.values():
        counts = counts.plus(segment.counts)
    return replace(run, segments=segments, counts=counts)
