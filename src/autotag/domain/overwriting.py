"""Whose the tags of an overwritten picture are: the upload's own, kept ones of ours, or Cloudinary's.

An overwrite clears tags, unless a preference of the account keeps them where the upload sends none. Source:
cloudinary.com/documentation/image_upload_api_reference, ``overwrite``. Whether the upload's notification lists the
tags that were kept is not known; an Admin read does.
"""

import hashlib

import msgspec
from msgspec.structs import replace

from autotag.domain.asset import Facts
from autotag.domain.assigned import assigned
from autotag.domain.audit import moment
from autotag.domain.finish import decode_audit
from autotag.domain.labels import label_key
from autotag.domain.message import Labelled, PersonTags
from autotag.domain.people import known_tags, register, suppressed, their_tags
from autotag.domain.state import AssetState, next_poll


def overwritten(state: AssetState, message: Labelled, keeps: bool | None) -> AssetState:
    """Return the state at the newer version of ``message``; ``keeps`` as with ``brought``."""
    kept = _are_kept(state, message, keeps)
    facts = message.facts
    if facts is not None and kept:
        if not facts.tags:  # the notification may leave them out
            facts = replace(facts, tags=their_tags(state))
        facts = without_removed(state, facts)
    since = (state.tags_since or state.asset.version) if kept else 0
    before = () if lists_tags(message) else _tags_before(state, message)
    known = replace(
        state,
        asset=message.asset,
        categorizations={},
        decided="",
        poll=next_poll(state),
        tags_since=since,
        listed=0,
        seen=sighting(message),
        before=before,
    )
    return replace(_brought(known, message, _touched(known, message, kept)), facts=facts)


def brought(state: AssetState, message: Labelled, keeps: bool | None) -> AssetState:
    """Return ``state``, of the version of ``message``, where tags that the upload itself set are people's.

    Only tags that we ever touched are looked at. An upload's notification lists those that it set, and those that were
    kept where ``keeps`` or, if that is None, where just the tags known before are listed: they stay ours. Those that
    ``auto_tagging`` assigned become no person's. A read may show what we added since, too: that stays ours. So where a
    read was first to show a version, the upload's notification tells what the read could not: what it lists before our
    call for the older version, the upload had set, and the asset is decided on again.
    """
    if state.facts is None:
        kept = _are_kept(state, message, keeps)
        older = [write.version for write in state.writes.values() if write.version < state.asset.version]
        since = (state.tags_since or max(older, default=0)) if kept else 0
        known = replace(state, tags_since=since) if state.before else state
        return _brought(known, message, _touched(known, message, kept))
    if not lists_tags(message):
        return state
    if state.listed:
        return _listed_again(state, message)
    if _are_kept(state, message, keeps):
        return state
    later = {tag for tag, write in state.writes.items() if write.at > message.observed_at}
    known = _brought(state, message, later - {tag for tag in later if _is_answered(state, tag)})
    return known if known.people == state.people else replace(known, decided="")


def _listed_again(state: AssetState, message: Labelled) -> AssetState:
    """Return ``state``, which knows what an upload's notification listed, where ``message`` lists other tags.

    Of two of one time the same one counts, whichever comes first.
    """
    facts, known = message.facts, state.facts
    if facts is None or known is None or not facts.observed_at == known.observed_at == state.listed:
        return state
    if state.tags_since or sighting(message) <= state.seen:
        return state
    people = {key: wish for key, wish in state.people.items() if not (wish.brought and wish.at == facts.observed_at)}
    state = replace(state, people=people, decided="")
    return _brought(state, message, {*state.writes, *state.ours})


def sighting(message: Labelled) -> str:
    """Name what ``message`` shows of the asset, "" where that is nothing; of two of one time the greater counts."""
    if message.facts is None:
        return ""
    said = msgspec.json.encode((message.facts, message.asset.public_id), order="deterministic")
    return hashlib.sha256(said).hexdigest()[:12]


def is_older(message: Labelled, state: AssetState) -> bool:
    """Whether what ``message`` shows of the asset is older than what ``state`` knows, or is the one that gives way."""
    known, facts = state.facts, message.facts
    if known is None or facts is None:
        return facts is None
    if facts.observed_at != known.observed_at:
        return facts.observed_at < known.observed_at
    return sighting(message) < state.seen


def lists_tags(message: Labelled) -> bool:
    """Whether ``message`` is an upload's own notification, which lists the tags that it set."""
    return message.facts is not None and message.source.notification_type == "upload"


def _is_answered(state: AssetState, tag: str) -> bool:
    """Whether our call for ``tag`` was made for this very version, which its upload does not list unless it set it."""
    write = state.writes[tag]
    return write.op == "add" and write.version == state.asset.version and tag in state.ours


def _brought(state: AssetState, message: Labelled, touched: set[str]) -> AssetState:
    if message.facts is None:
        return state
    # What a person took away stays taken away, whatever an upload sets.
    keys = frozenset(map(label_key, touched)) - suppressed(state)
    tags = tuple(tag for tag in message.facts.tags if label_key(tag) in keys)
    if not tags:
        return state
    machines = keys & assigned(message.facts.tags, (), message.categorizations, message.observed_at)
    if len(machines) == 1:  # one alone may be a person's: put back what a late call of ours took off
        machines -= frozenset(map(label_key, _removed_since(state, message.facts).intersection(message.facts.tags)))
    theirs = tuple(tag for tag in tags if label_key(tag) not in machines)
    change = PersonTags(message.asset, message.facts.observed_at, "", message.source, theirs)
    known = register(state, change, brought=True)
    return replace(known, ours={tag: found for tag, found in known.ours.items() if label_key(tag) not in machines})


def _touched(state: AssetState, message: Labelled, kept: bool) -> set[str]:
    """Return the tags of ours, or once of ours, that are on the asset because the upload set them."""
    listed = lists_tags(message)
    older = {tag for tag, write in state.writes.items() if listed or write.at < message.asset.version * 1000}
    touched = older | (state.ours.keys() - (state.writes.keys() - older))
    under_way: set[str] = set()
    if state.intent is not None:
        under_way = {*state.intent.add, *state.intent.remove}
        touched |= {*under_way, *state.intent.outcome.ours}
    if kept:  # only what we had taken away by then was not there to be kept
        writes, uploaded_at = state.writes.items(), message.asset.version * 1000
        removed = {tag for tag, write in writes if write.op == "remove" and write.at < uploaded_at}
        touched = removed - state.ours.keys() - under_way
    return touched


def without_removed(state: AssetState, facts: Facts) -> Facts:
    """Return ``facts`` without the tags that we have taken off since they were observed."""
    stale = _removed_since(state, facts)
    return replace(facts, tags=tuple(tag for tag in facts.tags if tag not in stale)) if stale else facts


def _removed_since(state: AssetState, facts: Facts) -> set[str]:
    """Return the tags that we have taken off since ``facts`` were observed."""
    return {t for t, w in state.writes.items() if w.op == "remove" and w.at >= facts.observed_at}


def _tags_before(state: AssetState, message: Labelled) -> tuple[str, ...]:
    """Return the tags of the picture that the upload of ``message`` replaced, as far as they are known."""
    is_newer = message.asset.version > state.asset.version and state.facts is not None
    return state.before if state.before and not is_newer else _known_at(state, message.observed_at)


def _known_at(state: AssetState, at: int) -> tuple[str, ...]:
    """Return the tags known to be on the asset at ``at`` (unix milliseconds), whatever people did since."""
    later = {key for key, wish in state.people.items() if wish.at > at}
    then = replace(state, people={key: wish for key, wish in state.people.items() if key not in later})
    ours = (tag for tag, write in state.writes.items() if write.op == "add" and label_key(tag) in later)
    return tuple(dict.fromkeys((*known_tags(then), *ours)))


def _are_kept(state: AssetState, message: Labelled, keeps: bool | None) -> bool:
    """Whether the tags of before are still on the asset; where the account is not known, what is listed tells.

    Tags that an upload sends stand in place of those that the account keeps: one that lists some, and not all of
    before, has sent them.
    """
    if message.facts is None:
        return bool(keeps)
    before = _tags_before(state, message)
    sure, possible = _there_at(state, message, before)
    listed = frozenset(map(label_key, message.facts.tags))
    if keeps is None:
        sent = listed - (assigned(message.facts.tags, before, message.categorizations, message.observed_at) - possible)
        ours = bool(state.ours or state.intent or (state.before and state.tags_since))
        return ours and not sent.isdisjoint(possible) and sure <= sent <= possible
    if not listed:
        return keeps and lists_tags(message)
    return keeps and not listed.isdisjoint(possible) and sure <= listed


def _there_at(state: AssetState, message: Labelled, tags: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys of those of ``tags`` that surely were there when ``message`` was sent, and all that may be.

    A decision on the older picture may have been carried out after the upload, and before its notification arrived;
    of an intent that is still open the calls may be made or not.
    """
    intent, at = state.intent, message.observed_at
    if intent is not None and moment(decode_audit(intent)) > at:  # claimed since
        intent = None
    adding, removing = ((*intent.add, *intent.outcome.ours), frozenset(intent.remove)) if intent else ((), frozenset())
    later = {tag: write for tag, write in state.writes.items() if write.at > at}
    added = {tag: write.first_at or write.at for tag, write in later.items() if write.op == "add"}
    sure = frozenset(label_key(tag) for tag in tags if tag not in added and tag not in removing)
    perhaps = [tag for tag in tags if added.get(tag, at) <= at]
    perhaps += [tag for tag, write in later.items() if write.op == "remove"]
    return sure, frozenset(map(label_key, (*perhaps, *adding)))
