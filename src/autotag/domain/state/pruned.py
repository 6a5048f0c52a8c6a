"""What is left out of a stored state, because no later message can make it matter.

The rule: a message is handled at most ``LATEST`` after what it reports. Cloudinary posts a notification for about 20
minutes, and a message of SQS, dead letters included, ends 14 days after it was sent. A person's preference that is over
(withdrawn, or an addition that a later upload cleared) only tells that older changes no longer count, so it is left out
then. What a person still wants stays for good. So do the service's own writes: each of them tells a person's change
from an echo or from Cloudinary's own tags, and which tags a backup brings back, however late that is.
"""

from msgspec.structs import replace

from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.domain.state.due_entry import due_work
from autotag.domain.state.tag_ownership import ECHO_SLACK
from autotag.domain.state.tags_present import cleared_at

LATEST = 60 * 86_400_000
"""Milliseconds after which a message about something is not handled any more, with a margin of six weeks."""


def pruned(state: AssetState) -> AssetState:
    """Return ``state`` without what no later decision needs; the same object if that is nothing.

    Times count back from the last decision. A state with an open intent stays as it is. A deleted asset asks no
    questions; its labels stay, since they tell in what order labels and people's changes came.
    """
    if state.intent is not None:
        return state
    if is_ended(state) and (state.review or state.ask or state.asked_at):
        state = replace(state, review=(), ask={}, asked_at=0)
    before = state.final_at - LATEST
    if before <= 0 or state.facts is None or state.before:
        return state  # the upload's own notification may still change which tags the version has
    people = {key: preference for key, preference in state.people.items() if _matters(state, key, preference, before)}
    return state if len(people) == len(state.people) else replace(state, people=people)


def is_ended(state: AssetState) -> bool:
    """Return whether the asset is deleted and nothing is left to do for it."""
    return state.status == "gone" and due_work(state) is None


def _matters(state: AssetState, key: str, preference: TagPreference, before: int) -> bool:
    """Return whether a preference may still matter; one that names labels passes them on to a later removal."""
    return preference.at >= before or bool(preference.labels) or key in state.claims or not _is_over(state, preference)


def _is_over(state: AssetState, preference: TagPreference) -> bool:
    """Return whether a preference was withdrawn, or is an addition that a later upload cleared."""
    if preference.withdrawn:
        return True
    return preference.want == "add" and preference.at + ECHO_SLACK < cleared_at(state)
