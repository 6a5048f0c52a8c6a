"""The state of one asset: what was observed, what was decided, who added which tag, and the open intent.

Times ending in ``_at`` are unix milliseconds.
"""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.asset import AssetRef, Facts
from autotag.domain.audit import Trigger
from autotag.domain.labels import Categorization

Status = Literal["pending", "applying", "tagged", "unchanged", "skipped", "failed", "timed_out", "gone"]
Op = Literal["add", "remove"]


class Wish(Struct, frozen=True, omit_defaults=True):
    """What a person last wanted of a tag, spelt as they did. ``labels`` are keys of the labels that it stood for.

    ``brought``: no change of theirs told it, an upload did that set the tag itself. ``cleared``: they took back at
    ``at`` what they had said; nothing holds any more, but that nothing older counts. ``by_hand``: in Cloudinary's
    console, which no program does. ``settled``: of two changes of one time a read has shown which holds. ``answer``:
    where they said it in the review queue, the last part of the id of its audit. ``unsaid``: no notification says it, a
    read alone has not shown the tag any more. ``after``: of an answer, when that was said which was known by then (ms).
    """

    want: Op
    at: int
    tag: str
    labels: tuple[str, ...] = ()
    brought: bool = False
    cleared: bool = False
    by_hand: bool = False
    settled: bool = False
    answer: str = ""
    unsaid: bool = False
    after: int = 0


class Claim(Struct, frozen=True, omit_defaults=True):
    """A change of a tag that is believed only where a read of the asset agrees with it.

    ``want`` is what the change is said to have done; "either": two changes of one time contradict each other, and the
    read decides. ``by``, ``by_hand`` and ``digest`` are those of the notification that says so.
    """

    want: Literal["add", "remove", "either"]
    at: int
    tag: str
    by: str = ""
    by_hand: bool = False
    digest: str = ""


class Assigned(Struct, frozen=True):
    """When Cloudinary's ``auto_tagging`` added a tag (ms). No older change of the tag counts.

    One that was added ``alone`` may be a person's as well, and is never adopted.
    """

    at: int
    alone: bool


class Write(Struct, frozen=True, omit_defaults=True):
    """Our last call that touched a tag, made for a decision on ``version`` of the asset.

    ``opposite_at`` is when we last made the opposite call, 0 where we never did; ``first_at`` when we first called,
    0 where that was then.
    """

    op: Op
    at: int
    version: int
    opposite_at: int = 0
    first_at: int = 0


class Outcome(Struct, frozen=True):
    """What the state becomes when the intent is finished, fixed when it was claimed.

    ``givers`` are the providers of those of ``ours`` that were decided on. ``asked_at`` is since when ``review`` is
    asked, where that is earlier than the claim; 0: as the state tells.
    """

    status: Status
    ours: dict[str, tuple[str, ...]]
    decided: str
    review: tuple[str, ...] = ()
    asked_at: int = 0
    givers: dict[str, tuple[str, ...]] = {}


class Intent(Struct, frozen=True):
    """The write-ahead intent: whoever owns it makes these calls, and nobody decides again to finish it.

    ``before`` are the wishes that an answer replaced, for the case that Cloudinary refuses the calls.
    """

    id: str
    owner: str
    due_at: int
    attempts: int
    add: tuple[str, ...]
    remove: tuple[str, ...]
    audit_id: str
    audit: bytes
    outcome: Outcome
    before: dict[str, Wish] = {}


class Poll(Struct, frozen=True, omit_defaults=True):
    """When an asset is read next, how often it was, and until when that goes on.

    ``hint``: only a hint asks for the read, out of the hints' share of the Admin budget, and one read ends it.
    ``overdue``: it was counted that the deadline has passed without a read.
    """

    due_at: int
    attempts: int
    deadline_at: int
    hint: bool = False
    overdue: bool = False


class AssetState(Struct, frozen=True):
    """The ``ASSET#`` item.

    ``rev`` counts its writes; ``ours`` maps each machine tag to what it stands for, the keys of its labels and of its
    name before case and prefix; ``givers`` tells by tag whose labels gave it, where that is known: none where rules
    alone did; ``people`` is keyed by the folded tag; ``dirty`` is the trigger of a message that was merged while an
    intent was open; ``outbox`` names the audits whose events are still to be sent; both are looked after from
    ``follow_up_at`` on; ``decided`` names the labels that were last decided on; ``named_at`` is when the asset was last
    renamed, ``deleted_at`` when it was last deleted and ``restored_at`` when it was last seen after a deletion, 0 where
    there was no such notification; ``review`` are the tags that a person is asked about, since ``asked_at``;
    ``claims``, by the folded tag, are changes that a read is to confirm; ``assigned``, by the folded tag, are those
    that Cloudinary added itself; ``tags_since`` is the version whose upload cleared the tags last, 0 for this one;
    ``listed`` is the time of the notification of this version's upload, 0 where none has arrived yet;
    ``notified_at`` that of the youngest notification of an upload; ``seen`` names the sighting that ``facts`` are from;
    ``before`` are the tags of the older picture, until the notification of the newer one's upload arrives;
    ``moved_at`` is when the asset last got another folder, and ``context_at`` when its context last changed, 0 where
    no notification said so.
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
    restored_at: int = 0
    claims: dict[str, Claim] = {}
    assigned: dict[str, Assigned] = {}
    tags_since: int = 0
    listed: int = 0
    notified_at: int = 0
    seen: str = ""
    before: tuple[str, ...] = ()
    moved_at: int = 0
    context_at: int = 0


def is_deleted(state: AssetState) -> bool:
    """Whether the asset was deleted, as far as is known, and not seen since."""
    return state.status == "gone" or state.deleted_at > state.restored_at


def due_poll(now: int, deadline: int, *, hint: bool = False) -> Poll:
    """Return a poll that is due at ``now`` (unix milliseconds) and goes on for ``deadline`` seconds."""
    return Poll(now, 0, now + deadline * 1000, hint)


def own_poll(state: AssetState) -> Poll | None:
    """Return the poll for labels that are still to come; one for a hint alone ends, once more is known."""
    return state.poll if state.poll is not None and not state.poll.hint else None


def due_again(state: AssetState, now: int, deadline: int) -> Poll:
    """Return the own poll of ``state`` due at ``now``, until its deadline; a new one where there is none."""
    known = own_poll(state)
    return due_poll(now, deadline) if known is None else replace(known, due_at=now, attempts=0)


def shown_at(state: AssetState) -> int:
    """Return when the asset itself was last shown (ms): by its facts, or as it came back; 0 where it was not."""
    return max(state.restored_at, state.facts.observed_at if state.facts else 0)


def next_poll(state: AssetState) -> Poll | None:
    """Return the poll that outlives a decision: claims are still to be confirmed by a read."""
    return state.poll if state.claims else None


SHARDS = 16
"""Partitions of the due index, so that no single one of them takes every write."""


DueKind = Literal["INTENT", "POLL", "HINT"]
"""Open intents and unsent events; reads of assets; reads that only a hint asks for."""


def due(state: AssetState) -> tuple[DueKind, int] | None:
    """Return the kind of work that is due for ``state`` and when (ms), or None."""
    if state.intent is not None:
        return "INTENT", state.intent.due_at
    if state.outbox or state.dirty:
        return "INTENT", state.follow_up_at
    if state.poll is None:
        return None
    return "HINT" if state.poll.hint else "POLL", state.poll.due_at
