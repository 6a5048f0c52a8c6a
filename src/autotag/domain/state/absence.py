"""Tags that a read did not show any more: a person's removal, unless a notification explains it after all.

An asset that was restored from a backup may lack what was added since, and may be read before the notification of the
deletion or of the restoration arrives.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from autotag.domain.model.labels import label_key
from autotag.domain.state.asset_state import AssetState


def explained(state: AssetState, at: int, shown: Iterable[str] = ()) -> AssetState:
    """Return ``state`` without removals that a deletion or a restoration at ``at`` (unix milliseconds) explains.

    They are those that no notification says, of tags that we had added by then and a read afterwards did not show. A
    restoration ``shown`` with the tag explains nothing.
    """
    had = {label_key(tag) for tag, write in state.writes.items() if write.op == "add" and write.at < at}
    had -= frozenset(map(label_key, shown))
    ended = {key for key, wish in state.people.items() if wish.unsaid and wish.at >= at and key in had}
    if not ended:
        return state
    people = {key: wish for key, wish in state.people.items() if key not in ended}
    return replace(state, people=people, decided="", restored_at=max(state.restored_at, at))
