"""What is left out of a stored state, because no later message can make it matter.

The rule: a message is handled at most ``LATEST`` after what it reports. Cloudinary posts a notification for about 20
minutes, and a message of SQS, dead letters included, ends 14 days after it was sent. What only serves to interpret
messages about an older time is left out then. What a person still wants, and tags that may still be on the asset or
come back with a backup, stay for good. ``auto_tagged = "adopt"`` is the one exception: a tag that this service removed
so long ago, and that an upload sets again, is adopted as if it had never been written.
"""

from msgspec.structs import replace

from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.state.asset_state import AssetState, TagPreference, Write
from autotag.domain.state.tag_ownership import ECHO_SLACK
from autotag.domain.state.tags_present import cleared_at

LATEST = 60 * 86_400_000
"""Milliseconds after which a message about something is not handled any more, with a margin of six weeks."""


def pruned(state: AssetState) -> AssetState:
    """Return ``state`` without what no later decision needs; the same object if that is nothing.

    Times count back from the last decision. A state with an open intent stays as it is.
    """
    if state.intent is not None:
        return state
    if is_ended(state):
        state = _slim(state)
    before = state.final_at - LATEST
    if before <= 0 or (state.facts is None and state.status != "gone") or state.before:
        return state  # the upload's own notification may still change which tags the version has
    writes, people = _writes(state, before), _people(state, before)
    if len(writes) == len(state.writes) and len(people) == len(state.people):
        return state
    return replace(state, writes=writes, people=people)


def is_ended(state: AssetState) -> bool:
    """Return whether the asset is deleted and nothing is left to do for it."""
    work = state.intent or state.poll or state.outbox or state.dirty or state.answers
    return state.status == "gone" and not work


def _slim(state: AssetState) -> AssetState:
    """Return the state of a deleted asset without its labels: if it comes back, Cloudinary shows them."""
    small = replace(state, categorizations={}, review=(), ask={}, asked_at=0)
    return state if small == state else small


def _writes(state: AssetState, before: int) -> dict[str, Write]:
    """Return the writes that may still matter.

    Additions matter as long as a backup can bring their tags back. Of the others, the first one shows that something
    was written, and that of the newest older version which tags an overwrite may have kept.
    """
    writes = state.writes
    there = label_keys(state.facts.tags) if state.facts else frozenset()
    old = {
        tag
        for tag, write in writes.items()
        if write.op == "remove" and write.at < before and tag not in state.managed_tags and label_key(tag) not in there
    }
    if not old:
        return writes
    older = [tag for tag in writes if writes[tag].version < state.asset.version]
    kept = {min(writes, key=lambda tag: writes[tag].at), *sorted(older, key=lambda tag: writes[tag].version)[-1:]}
    return {tag: write for tag, write in writes.items() if tag not in old or tag in kept}


def _people(state: AssetState, before: int) -> dict[str, TagPreference]:
    """Return the preferences that may still matter: those in effect, and those that name labels."""
    return {
        key: preference
        for key, preference in state.people.items()
        if preference.at >= before or preference.labels or key in state.claims or not _is_over(state, preference)
    }


def _is_over(state: AssetState, preference: TagPreference) -> bool:
    """Return whether a preference was withdrawn, or is an addition that a later upload cleared."""
    if preference.withdrawn:
        return True
    return preference.want == "add" and preference.at + ECHO_SLACK < cleared_at(state)
