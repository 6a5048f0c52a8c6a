"""The state of one asset: what was observed, what was decided, who added which tag, and the open intent.

Times ending in ``_at`` are unix milliseconds. Every function returns a new state; storing it is the caller's business.
"""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.asset import AssetRef, Facts
from autotag.domain.audit import Trigger
from autotag.domain.labels import Categorization, label_key
from autotag.domain.message import Labelled, PersonTags

Status = Literal["pending", "applying", "tagged", "unchanged", "skipped", "failed", "timed_out", "gone"]
Op = Literal["add", "remove"]

ECHO_SLACK = 5 * 60 * 1000
"""How far Cloudinary's clock and ours may differ (ms) when a write of ours is compared with a person's."""


class Wish(Struct, frozen=True, omit_defaults=True):
    """What a person last wanted of a tag, spelt as they did. ``labels`` are keys of the labels that it stood for."""

    want: Op
    at: int
    tag: str
    labels: tuple[str, ...] = ()


class Write(Struct, frozen=True):
    """Our last call that touched a tag, at this version of the asset."""

    op: Op
    at: int


class Outcome(Struct, frozen=True):
    """What the state becomes when the intent is finished, fixed when it was claimed."""

    status: Status
    ours: dict[str, tuple[str, ...]]
    decided: str
    review: tuple[str, ...] = ()


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

    ``rev`` counts its writes; ``ours`` maps each tag of ours to the labels that it stands for; ``people`` is keyed by
    the folded tag; ``dirty`` is the trigger of a message that was merged while an intent was open; ``outbox`` names the
    audits whose events are still to be sent; both are looked after from ``follow_up_at`` on; ``decided`` names the
    labels that were last decided on.
    """

    asset: AssetRef
    status: Status
    rev: int = 0
    facts: Facts | None = None
    categorizations: dict[str, Categorization] = {}
    ours: dict[str, tuple[str, ...]] = {}
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
    final_at: int = 0


def merge(state: AssetState | None, message: Labelled) -> AssetState | None:
    """Return the state that knows what ``message`` says too, or None where the message is older than the state.

    Older labels of a provider are ignored, a newer version clears labels, writes and the poll but keeps ``people``.
    """
    ref = message.asset
    if state is None:
        return AssetState(ref, "pending", facts=message.facts, categorizations=message.categorizations)
    if ref.version < state.asset.version:
        return None
    if state.status == "gone":
        if message.observed_at <= state.final_at:
            return None
        state = replace(state, decided="")
    if ref.version > state.asset.version:
        kept = state.facts if message.facts is None else message.facts
        # Tags that are there before our first write at this version are theirs: an upload says what it set.
        there = set(message.facts.tags) if message.facts else set()
        state = replace(
            state,
            categorizations={},
            writes={},
            decided="",
            poll=None,
            facts=kept,
            ours={tag: labels for tag, labels in state.ours.items() if tag not in there},
        )
    else:
        state = replace(state, facts=_newer_facts(state, message.facts))
    categorizations = dict(state.categorizations)
    for provider, found in message.categorizations.items():
        known = categorizations.get(provider)
        if known is None or _supersedes(found, known):
            categorizations[provider] = found
    return replace(
        state,
        asset=AssetRef(
            ref.asset_id,
            ref.public_id,
            ref.resource_type or state.asset.resource_type,
            ref.type or state.asset.type,
            ref.version,
        ),
        categorizations=categorizations,
    )


def _supersedes(found: Categorization, known: Categorization) -> bool:
    # Nothing that is known goes back to pending, and a later failure does not take labels away again.
    newer = found.observed_at >= known.observed_at
    if found.status == "pending":
        return known.status == "pending" and newer
    if known.status == "pending":
        return True
    return newer and (found.status == "complete" or known.status == "failed")


def _newer_facts(state: AssetState, facts: Facts | None) -> Facts | None:
    if facts is None or (state.facts is not None and facts.observed_at < state.facts.observed_at):
        return state.facts
    stale = {t for t, w in state.writes.items() if w.op == "remove" and w.at >= facts.observed_at}
    return replace(facts, tags=tuple(tag for tag in facts.tags if tag not in stale))


def their_tags(state: AssetState) -> tuple[str, ...]:
    """Return the tags known to be on the asset that are people's, not ours."""
    tags = dict.fromkeys(tag for tag in (state.facts.tags if state.facts else ()) if tag not in state.ours)
    for key, wish in state.people.items():
        if wish.want == "add":
            tags[wish.tag] = None
        elif state.facts is None or wish.at >= state.facts.observed_at:
            tags = {tag: None for tag in tags if label_key(tag) != key}
    return tuple(tags)


def suppressed(state: AssetState) -> frozenset[str]:
    """Return the keys of tags and labels that a person took away from this asset."""
    removed = [(key, wish) for key, wish in state.people.items() if wish.want == "remove"]
    return frozenset(key for tag, wish in removed for key in (tag, *wish.labels))


def register(state: AssetState, change: PersonTags) -> AssetState:
    """Write down what a person did: the youngest wish for each tag wins, and the tag is no longer ours."""
    people, ours = dict(state.people), dict(state.ours)
    done: list[tuple[Op, str]] = [("add", tag) for tag in change.added]
    done += [("remove", tag) for tag in change.removed]
    for op, tag in done:
        key = label_key(tag)
        known = people.get(key)
        if known is None or known.at < change.observed_at:
            mine = [own for own in ours if label_key(own) == key]
            labels = {label for own in mine for label in ours.pop(own)} or (known.labels if known else ())
            people[key] = Wish(op, change.observed_at, tag, tuple(sorted(labels)))
    return replace(state, people=people, ours=ours)


def opposed(state: AssetState) -> dict[str, Op]:
    """Return the tags where our last write undid what a person wants, with what they want."""
    fixes: dict[str, Op] = {}
    for tag, write in state.writes.items():
        wish = state.people.get(label_key(tag))
        if wish and write.op != wish.want and write.at + ECHO_SLACK >= wish.at:
            fixes[wish.tag if wish.want == "add" else tag] = wish.want
    return fixes


SHARDS = 16
"""Partitions of the due index, so that no single one of them takes every write."""


def due(state: AssetState) -> tuple[str, int] | None:
    """Return the kind of work (``INTENT`` or ``POLL``) that is due for ``state`` and when (ms), or None."""
    if state.intent is not None:
        return "INTENT", state.intent.due_at
    if state.outbox or state.dirty:
        return "INTENT", state.follow_up_at
    return ("POLL", state.poll.due_at) if state.poll else None
