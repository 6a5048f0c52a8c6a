"""Tags that a read no longer shows. They count as removed by a person, unless a notification later explains it.

An asset that was restored from a backup may lack tags that were added after the backup. It may be read before the
notification of the deletion or of the restoration arrives.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from autotag.domain.model.labels import label_key
from autotag.domain.state.asset_state import AssetState


def explained(state: AssetState, at: int, shown: Iterable[str] = ()) -> AssetState:
    """Return ``state`` without removals that a deletion or a restoration at ``at`` (unix milliseconds) explains.

    These are removals that no notification reported: this service had added the tag before ``at``, and a later read did
    not show it. A restoration whose tags (``shown``) include the tag does not explain its removal.
    """
    had = {label_key(tag) for tag, write in state.writes.items() if write.op == "add" and write.at < at}
    had -= frozenset(map(label_key, shown))
    ended = {
        key for key, preference in state.people.items() if preference.unsaid and preference.at >= at and key in had
    }
    if not ended:
        return state
    people = {key: preference for key, preference in state.people.items() if key not in ended}
    return replace(state, people=people, decided="", restored_at=max(state.restored_at, at))
