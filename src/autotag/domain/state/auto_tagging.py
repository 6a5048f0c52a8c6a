"""Detection of tags that Cloudinary's own ``auto_tagging`` added, so that they are not recorded as a person's.

A notification of changed tags does not say so, but the labels show it. ``auto_tagging`` assigns every label whose
confidence reaches its threshold, at the time of the categorization. So a label's tag comes together with the tags of
all labels with a higher confidence.
Source: cloudinary.com/documentation/aws_rekognition_auto_tagging_addon, ``auto_tagging``. Whether an Admin API update
with it sends a notification, and whose change that reports, is not known.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from autotag.domain.model.asset import Facts
from autotag.domain.model.labels import Categorization, label_key
from autotag.domain.model.messages import TagsEdited
from autotag.domain.state.asset_state import AssetState, Assigned, TagPreference
from autotag.domain.state.tag_ownership import active_preferences, known_tags, user_tags_of
from autotag.domain.state.tags_present import cleared_at, had, on_asset

MOMENT = 10_000
"""Maximum time (ms) between the observations of a categorization and of the tags that it assigns."""


def assigned(
    added: Iterable[str], there: Iterable[str], categorizations: Mapping[str, Categorization], at: int
) -> frozenset[str]:
    """Return the keys of those tags ``added`` at ``at`` (unix milliseconds) that Cloudinary assigned itself.

    ``there`` are the tags that were on the asset. A single tag is a person's if its label was known before. If it was
    not, the tag may be a person's or Cloudinary's, and is returned.
    """
    keys, known = frozenset(map(label_key, added)), frozenset(map(label_key, there))
    found: frozenset[str] = frozenset()
    for categorization in categorizations.values():
        if categorization.status != "complete":
            continue
        named = {label_key(label.name): label.confidence for label in categorization.labels if not label.fault}
        given = keys & named.keys()
        if not given or (len(given) == 1 and _was_known(categorization, at)):
            continue
        bar = min(named[key] for key in given)
        if all(key in given or key in known for key, confidence in named.items() if confidence >= bar):
            found |= given
    return found


def without_assigned(
    state: AssetState, change: TagsEdited, categorizations: Mapping[str, Categorization]
) -> tuple[TagsEdited, tuple[str, ...]]:
    """Return ``change`` without the additions that Cloudinary made itself, and those additions.

    A change by hand is a person's. Some additions are a person's unless the evidence is stronger. If a person had
    removed the tag, at least two tags must match. If the tag was managed by then, the tags of all labels with a higher
    confidence must have come with it. If this service had removed the tag, that must also have been at the time of the
    categorization.
    """
    if change.by_hand or not change.added:
        return change, ()
    at, held = change.observed_at, active_preferences(state)
    removed = {key for key, preference in held.items() if preference.want == "remove"}
    against, managed_tags = _worked_against(state), _ours_by(state, at)
    added = [tag for tag in change.added if label_key(tag) not in held or label_key(tag) in removed]
    there = known_tags(state)
    loose = [tag for tag in added if label_key(tag) not in managed_tags | against]
    free = [tag for tag in loose if label_key(tag) not in removed]
    keys = assigned(free, (*there, *added), categorizations, at)
    keys |= _several(loose, (*there, *added), categorizations, at)
    own = [tag for tag in added if label_key(tag) not in against]
    keys |= _several(own, there if keys else user_tags_of(state), categorizations, at)
    fresh = {name: found for name, found in categorizations.items() if abs(at - found.observed_at) <= MOMENT}
    keys |= _several(added, there if keys else user_tags_of(state), fresh, at)
    machines = tuple(tag for tag in added if label_key(tag) in keys)
    return replace(change, added=tuple(tag for tag in change.added if tag not in machines)), machines


def _several(
    added: Iterable[str], there: Iterable[str], categorizations: Mapping[str, Categorization], at: int
) -> frozenset[str]:
    """Return the result of ``assigned`` if it has more than one tag, else an empty set."""
    keys = assigned(added, there, categorizations, at)
    return keys if len(keys) > 1 else frozenset()


def _ours_by(state: AssetState, at: int) -> frozenset[str]:
    """Return the keys of tags that were managed at ``at`` (unix milliseconds), without tags written only later."""
    later = {tag for tag, write in state.writes.items() if write.at >= at}
    return frozenset(label_key(tag) for tag in had(state) if tag not in later)


def reattributed(state: AssetState, before: AssetState) -> AssetState:
    """Return ``state``, whose labels may be newer than those of ``before``, without preferences that were Cloudinary's.

    Their tags stay on the asset and belong to no person. A preference stays if it was made by hand, if it took over a
    managed tag, if this service removed its tag, or if it is older than the last time when the labels were missing.
    """
    known = before.categorizations if before.asset.version == state.asset.version else {}
    newer = {name: found for name, found in state.categorizations.items() if known.get(name) != found}
    if not newer or not state.people or state.facts is None:
        return state
    seen_at = before.facts.observed_at if before.facts else 0
    events = _additions(state)
    machines: dict[str, TagPreference] = {}
    for name, found in newer.items():
        missing_at = known[name].observed_at if name in known else seen_at
        earliest = max(missing_at, state.asset.version * 1000) - MOMENT
        for at, preferences in events.items():
            if at >= earliest:
                there = (*on_asset(state), *state.facts.tags)
                keys = assigned((preference.tag for preference in preferences.values()), there, {name: found}, at)
                if len(keys) == 1 and name in known and _was_known(known[name], at):
                    continue
                machines |= {key: preferences[key] for key in keys}
    people = {key: preference for key, preference in state.people.items() if key not in machines}
    there = tuple(preference.tag for preference in machines.values() if preference.at >= state.facts.observed_at)
    added = {key: Assigned(preference.at, len(events[preference.at]) == 1) for key, preference in machines.items()}
    reassigned = replace(state, people=people, assigned=state.assigned | added)
    return _with_tags(reassigned, there) if machines else state


def _was_known(found: Categorization, at: int) -> bool:
    """Return whether the labels ``found`` were known before ``at``, so that a single tag is a person's."""
    return found.status == "complete" and at > found.observed_at + MOMENT


def without_reassigned(state: AssetState, before: AssetState) -> AssetState:
    """Return ``state`` without the managed tags that an overwrite cleared and that Cloudinary has assigned since.

    They were not on the asset in ``before``, and the observation that shows them now has their labels.
    """
    cleared = before.managed_tags.keys() - on_asset(before).keys()
    if before.asset.version != state.asset.version or state.facts is None or cleared.isdisjoint(state.facts.tags):
        return state
    there = before.facts.tags if before.facts else ()
    added = [tag for tag in state.facts.tags if tag not in there]
    keys = assigned(added, there, state.categorizations, state.facts.observed_at)
    return replace(state, managed_tags=_without(state.managed_tags, keys & frozenset(map(label_key, cleared))))


def with_assigned(state: AssetState, tags: tuple[str, ...], at: int) -> AssetState:
    """Return ``state`` with ``tags`` recorded as added by Cloudinary, together, at ``at`` (unix milliseconds).

    Tags that were managed by then stay managed. Tags that this service wrote only later become Cloudinary's, unless
    it spells them otherwise: those are tags of its own beside Cloudinary's.
    """
    known, stay = state.assigned, _ours_by(state, at)
    keys = frozenset(map(label_key, tags)) - stay
    more = {key: Assigned(at, len(tags) == 1) for key in keys if key not in known or known[key].at < at}
    if not more:
        return state
    intent = state.intent
    if intent is not None:
        outcome = replace(intent.outcome, managed_tags=_without_same(intent.outcome.managed_tags, keys, tags))
        intent = replace(intent, outcome=outcome)
    less = replace(
        state, assigned=known | more, managed_tags=_without_same(state.managed_tags, keys, tags), intent=intent
    )
    there = keys - _taken_off(state, at)
    return _with_tags(less, tuple(tag for tag in tags if label_key(tag) in there))


def with_later_assigned(state: AssetState, facts: Facts) -> Facts:
    """Return ``facts`` of the asset of ``state``, with the tags that Cloudinary is known to have added since."""
    known = frozenset(map(label_key, facts.tags))
    later = {key for key, found in state.assigned.items() if found.at > facts.observed_at} - known
    more = tuple(tag for tag in (state.facts.tags if state.facts else ()) if label_key(tag) in later)
    return replace(facts, tags=(*facts.tags, *more))


def _without(managed_tags: Mapping[str, tuple[str, ...]], keys: frozenset[str]) -> dict[str, tuple[str, ...]]:
    return {tag: labels for tag, labels in managed_tags.items() if label_key(tag) not in keys}


def _without_same(
    managed_tags: Mapping[str, tuple[str, ...]], keys: frozenset[str], tags: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """Return ``managed_tags`` without those of ``tags``, in the same spelling, whose key is one of ``keys``."""
    return _without(managed_tags, keys & frozenset(label_key(tag) for tag in tags if tag in managed_tags))


def _taken_off(state: AssetState, at: int) -> frozenset[str]:
    """Return the keys of tags whose last call was a removal, made at ``at`` (unix milliseconds) or later."""
    writes = state.writes.items()
    return frozenset(label_key(tag) for tag, write in writes if write.op == "remove" and write.at >= at)


def _with_tags(state: AssetState, tags: Iterable[str]) -> AssetState:
    """Return ``state`` with ``tags`` on the asset, as tags that are neither a person's nor managed."""
    if state.facts is None:
        return state
    known = frozenset(map(label_key, (*state.facts.tags, *on_asset(state))))
    more = tuple(tag for tag in tags if label_key(tag) not in known)
    return replace(state, facts=replace(state.facts, tags=(*state.facts.tags, *more))) if more else state


def _additions(state: AssetState) -> dict[int, dict[str, TagPreference]]:
    """Return the preferences that may have been Cloudinary's, by the time of their event (ms) and by tag key."""
    against = _worked_against(state)
    events: dict[int, dict[str, TagPreference]] = {}
    for key, preference in state.people.items():
        kept = (
            preference.set_by_upload
            or preference.withdrawn
            or preference.by_hand
            or preference.labels
            or key in against
            or key in state.claims
        )
        if preference.want == "add" and not kept:
            events.setdefault(preference.at, {})[key] = preference
    return events


def _worked_against(state: AssetState) -> frozenset[str]:
    """Return the keys of tags that this service is removing, or last removed since an upload cleared the tags."""
    removing = map(label_key, state.intent.remove if state.intent else ())
    return _taken_off(state, cleared_at(state)).union(removing)
