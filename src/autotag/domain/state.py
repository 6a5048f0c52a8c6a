"""The state of one asset: what was observed, what was decided, who added which tag, and the open intent.

Times ending in ``_at`` are unix milliseconds.
"""

from typing import Literal

from msgspec import Struct

from autotag.domain.asset import AssetRef, Facts
from autotag.domain.audit import Trigger
from autotag.domain.labels import Categorization

Status = Literal["pending", "applying", "tagged", "unchanged", "skipped", "failed", "timed_out", "gone"]
Op = Literal["add", "remove"]


class Wish(Struct, frozen=True, omit_defaults=True):
    """What a person last wanted of a tag, spelt as they did. ``labels`` are keys of the labels that it stood for.

    ``brought``: no change of theirs told it, an upload did that set the tag itself. ``cleared``: they took back at
    ``at`` that they had removed it; nothing holds any more, but that nothing older counts.
    """

    want: Op
    at: int
    tag: str
    labels: tuple[str, ...] = ()
    brought: bool = False
    cleared: bool = False


class Write(Struct, frozen=True):
    """Our last call that touched a tag, made for a decision on ``version`` of the asset."""

    op: Op
    at: int
    version: int


class Outcome(Struct, frozen=True):
    """What the state becomes when the intent is finished, fixed when it was claimed.

    ``givers`` are the providers of those of ``ours`` that were decided on.
    """

    status: Status
    ours: dict[str, tuple[str, ...]]
    decided: str
    review: tuple[str, ...] = ()
    givers: dict[str, tuple[str, ...]] = {}


class Intent(Struct, frozen=True):
    """The write-ahead intent: whoever owns it makes these calls, and nobody decides again to finish it."""

    id: str
    owner: str
    due_at: int
    attempts: int
    add: tuple[str, ...]
    remove: tuple[str, ...]
    audit_id: str
    audit: bytes
    outcome: Outcome


class Poll(Struct, frozen=True):
    """When a pending asset is read next, how often it was, and until when that goes on."""

    due_at: int
    attempts: int
    deadline_at: int


class AssetState(Struct, frozen=True):
    """The ``ASSET#`` item.

    ``rev`` counts its writes; ``ours`` maps each machine tag to what it stands for, the keys of its labels and of its
    name before case and prefix; ``givers`` tells by tag whose labels gave it, where that is known: none where rules
    alone did; ``people`` is keyed by the folded tag; ``dirty`` is the trigger of a message that was merged while an
    intent was open; ``outbox`` names the audits whose events are still to be sent; both are looked after from
    ``follow_up_at`` on; ``decided`` names the labels that were last decided on; ``named_at`` is when the asset was last
    renamed and ``deleted_at`` when it was deleted, 0 where neither was told; ``review`` are the tags that a person is
    asked about, since ``asked_at``.
    """

    asset: AssetRef
    status: Status
    rev: int = 0
    facts: Facts | None = None
    categorizations: dict[str, Categorization] = {}
    ours: dict[str, tuple[str, ...]] = {}
    givers: dict[str, tuple[str, ...]] = {}
    people: dict[str, Wish] = {}
    writes: dict[str, Write] = {}
    intent: Intent | None = None
    outbox: tuple[str, ...] = ()
    follow_up_at: int = 0
    dirty: Trigger | None = None
    decided: str = ""
    rules_version: str = ""
    rules_seq: int = 0
    engine: str = ""
    poll: Poll | None = None
    review: tuple[str, ...] = ()
    asked_at: int = 0
    final_at: int = 0
    named_at: int = 0
    deleted_at: int = 0


def written(state: AssetState) -> frozenset[str]:
    """Return the tags that we added for a decision on this very version: an overwrite may have wiped older ones."""
    version = state.asset.version
    return frozenset(tag for tag, write in state.writes.items() if write.op == "add" and write.version == version)


SHARDS = 16
"""Partitions of the due index, so that no single one of them takes every write."""


def due(state: AssetState) -> tuple[str, int] | None:
    """Return the kind of work (``INTENT`` or ``POLL``) that is due for ``state`` and when (ms), or None."""
    if state.intent is not None:
        return "INTENT", state.intent.due_at
    if state.outbox or state.dirty:
        return "INTENT", state.follow_up_at
    return ("POLL", state.poll.due_at) if state.poll else None
