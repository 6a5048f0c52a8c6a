"""The origin of tags on an overwritten asset: set by the upload, kept managed tags, or assigned by Cloudinary.

An overwrite clears tags, unless a preference of the account keeps them and the upload sends none. Source:
cloudinary.com/documentation/image_upload_api_reference, ``overwrite``. Whether the upload's notification lists the
tags that were kept is not known; an Admin API read does.
"""

import hashlib

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.model.asset import Facts
from autotag.domain.model.audit import moment
from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import LabelsObserved, TagsEdited
from autotag.domain.state.asset_state import AssetState, next_poll
from autotag.domain.state.auto_tagging import assigned
from autotag.domain.state.complete import decode_audit
from autotag.domain.state.tag_ownership import apply_person_edit, known_tags, suppressed, user_tags_of


def overwritten(state: AssetState, message: LabelsObserved, keeps: bool | None) -> AssetState:
    """Return the state at the newer version in ``message``; ``keeps`` as in ``with_uploaded_tags``."""
    kept = _are_kept(state, message, keeps)
    facts = message.facts
    if facts is not None and kept:
        if not facts.tags:  # the notification may not list kept tags
            facts = replace(facts, tags=user_tags_of(state))
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
        left={},
        samples={},
        detect=None,
    )
    return replace(_with_set_by_upload(known, message, _touched(known, message, kept)), facts=facts)


def with_uploaded_tags(state: AssetState, message: LabelsObserved, keeps: bool | None) -> AssetState:
    """Return ``state``, of the version of ``message``, with the tags that the upload itself set recorded as people's.

    Only tags that this service ever wrote are considered. An upload's notification lists the tags that the upload set.
    It also lists kept tags, if ``keeps`` or, if that is None, if it lists exactly the tags known before; these stay
    managed. Tags that ``auto_tagging`` assigned belong to no person. A read may also show tags that this service added
    since; these stay managed. So if a read was the first to show a version, the upload's notification adds information:
    a tag that it lists, and that this service wrote only later for the older version, was set by the upload. The asset
    is then decided on again.
    """
    if state.facts is None:
        kept = _are_kept(state, message, keeps)
        older = [write.version for write in state.writes.values() if write.version < state.asset.version]
        since = (state.tags_since or max(older, default=0)) if kept else 0
        known = replace(state, tags_since=since) if state.before else state
        return _with_set_by_upload(known, message, _touched(known, message, kept))
    if not lists_tags(message):
        return state
    if state.listed:
        return _listed_again(state, message)
    if _are_kept(state, message, keeps):
        return state
    later = {tag for tag, write in state.writes.items() if write.at > message.observed_at}
    known = _with_set_by_upload(state, message, later - {tag for tag in later if _is_answered(state, tag)})
    return known if known.people == state.people else replace(known, decided="")


def _listed_again(state: AssetState, message: LabelsObserved) -> AssetState:
    """Return ``state``, which has the tags of an upload's notification, after ``message``, which lists other tags.

    Of two notifications with the same time, the same one always counts, in either order of arrival.
    """
    facts, known = message.facts, state.facts
    if facts is None or known is None or not facts.observed_at == known.observed_at == state.listed:
        return state
    if state.tags_since or sighting(message) <= state.seen:
        return state
    people = {
        key: preference
        for key, preference in state.people.items()
        if not (preference.set_by_upload and preference.at == facts.observed_at)
    }
    state = replace(state, people=people, decided="")
    return _with_set_by_upload(state, message, {*state.writes, *state.managed_tags})


def sighting(message: LabelsObserved) -> str:
    """Return an identifier of the facts in ``message``, "" if it has none; of two with one time the greater counts."""
    if message.facts is None:
        return ""
    facts = message.facts
    facts = facts if facts.known_metadata else replace(facts, metadata=UNSET)  # as earlier releases identified it
    content = msgspec.json.encode((facts, message.asset.public_id), order="deterministic")
    return hashlib.sha256(content).hexdigest()[:12]


def is_older(message: LabelsObserved, state: AssetState) -> bool:
    """Return whether the facts in ``message`` are older than in ``state``; at equal times ``sighting`` decides."""
    known, facts = state.facts, message.facts
    if known is None or facts is None:
        return facts is None
    if facts.observed_at != known.observed_at:
        return facts.observed_at < known.observed_at
    return sighting(message) < state.seen


def lists_tags(message: LabelsObserved) -> bool:
    """Return whether ``message`` is an upload's own notification, which lists the tags that it set."""
    return message.facts is not None and message.source.notification_type == "upload"


def _is_answered(state: AssetState, tag: str) -> bool:
    """Return whether ``tag`` was added for this version; the upload's notification lists it only if that set it too."""
    write = state.writes[tag]
    return write.op == "add" and write.version == state.asset.version and tag in state.managed_tags


def _with_set_by_upload(state: AssetState, message: LabelsObserved, touched: set[str]) -> AssetState:
    if message.facts is None:
        return state
    # A tag that a person removed stays removed, whatever an upload sets.
    keys = frozenset(map(label_key, touched)) - suppressed(state)
    tags = tuple(tag for tag in message.facts.tags if label_key(tag) in keys)
    if not tags:
        return state
    machines = keys & assigned(message.facts.tags, (), message.categorizations, message.observed_at)
    if len(machines) == 1:  # a single tag may be a person's: restore it if a late call removed it
        machines -= frozenset(map(label_key, _removed_since(state, message.facts).intersection(message.facts.tags)))
    user_tags = tuple(tag for tag in tags if label_key(tag) not in machines)
    change = TagsEdited(message.asset, message.facts.observed_at, "", message.source, user_tags)
    known = apply_person_edit(state, change, set_by_upload=True)
    return replace(
        known, managed_tags={tag: found for tag, found in known.managed_tags.items() if label_key(tag) not in machines}
    )


def _touched(state: AssetState, message: LabelsObserved, kept: bool) -> set[str]:
    """Return the tags, managed now or once, that are on the asset because the upload set them."""
    listed = lists_tags(message)
    older = {tag for tag, write in state.writes.items() if listed or write.at < message.asset.version * 1000}
    touched = older | (state.managed_tags.keys() - (state.writes.keys() - older))
    under_way: set[str] = set()
    if state.intent is not None:
        under_way = {*state.intent.add, *state.intent.remove}
        touched |= {*under_way, *state.intent.outcome.managed_tags}
    if kept:  # only tags that were removed before the upload cannot have been kept
        writes, uploaded_at = state.writes.items(), message.asset.version * 1000
        removed = {tag for tag, write in writes if write.op == "remove" and write.at < uploaded_at}
        touched = removed - state.managed_tags.keys() - under_way
    return touched


def without_removed(state: AssetState, facts: Facts) -> Facts:
    """Return ``facts`` without the tags that this service has removed since they were observed."""
    stale = _removed_since(state, facts)
    return replace(facts, tags=tuple(tag for tag in facts.tags if tag not in stale)) if stale else facts


def _removed_since(state: AssetState, facts: Facts) -> set[str]:
    """Return the tags that this service has removed since ``facts`` were observed."""
    return {t for t, w in state.writes.items() if w.op == "remove" and w.at >= facts.observed_at}


def _tags_before(state: AssetState, message: LabelsObserved) -> tuple[str, ...]:
    """Return the known tags of the version that the upload of ``message`` replaced."""
    is_newer = message.asset.version > state.asset.version and state.facts is not None
    return state.before if state.before and not is_newer else _known_at(state, message.observed_at)


def _known_at(state: AssetState, at: int) -> tuple[str, ...]:
    """Return the tags known to be on the asset at ``at`` (unix milliseconds), without people's later changes."""
    later = {key for key, preference in state.people.items() if preference.at > at}
    then = replace(state, people={key: preference for key, preference in state.people.items() if key not in later})
    managed_tags = (tag for tag, write in state.writes.items() if write.op == "add" and label_key(tag) in later)
    return tuple(dict.fromkeys((*known_tags(then), *managed_tags)))


def _are_kept(state: AssetState, message: LabelsObserved, keeps: bool | None) -> bool:
    """Return whether the previous tags are still on the asset; if ``keeps`` is None, the listed tags decide.

    Tags that an upload sends replace those that the account would keep. So an upload that lists some tags, but not all
    previous ones, has sent its own.
    """
    if message.facts is None:
        return bool(keeps)
    before = _tags_before(state, message)
    sure, possible = _there_at(state, message, before)
    listed = frozenset(map(label_key, message.facts.tags))
    if keeps is None:
        sent = listed - (assigned(message.facts.tags, before, message.categorizations, message.observed_at) - possible)
        has_managed_tags = bool(state.managed_tags or state.intent or (state.before and state.tags_since))
        return has_managed_tags and not sent.isdisjoint(possible) and sure <= sent <= possible
    if not listed:
        return keeps and lists_tags(message)
    return keeps and not listed.isdisjoint(possible) and sure <= listed


def _there_at(
    state: AssetState, message: LabelsObserved, tags: tuple[str, ...]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the keys of those of ``tags`` that surely were there when ``message`` was sent, and all that may be.

    A decision on the older picture may have been carried out after the upload, and before its notification arrived;
    of an intent that is still open the calls may be made or not.
    """
    intent, at = state.intent, message.observed_at
    if intent is not None and moment(decode_audit(intent)) > at:  # claimed since
        intent = None
    adding, removing = (
        ((*intent.add, *intent.outcome.managed_tags), frozenset(intent.remove)) if intent else ((), frozenset())
    )
    later = {tag: write for tag, write in state.writes.items() if write.at > at}
    added = {tag: write.first_at or write.at for tag, write in later.items() if write.op == "add"}
    sure = frozenset(label_key(tag) for tag in tags if tag not in added and tag not in removing)
    perhaps = [tag for tag in tags if added.get(tag, at) <= at]
    perhaps += [tag for tag, write in later.items() if write.op == "remove"]
    return sure, frozenset(map(label_key, (*perhaps, *adding)))
