"""The changes to an account's triggers after which each wanted one exists once: pure functions."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autotag_cli.setup.destinations import ALL, Place, same_place
from autotag_cli.setup.triggers import Trigger, Wanted


class Create(NamedTuple):
    """The creation of a missing trigger."""

    wanted: Wanted

    def __str__(self) -> str:
        return f"{self.wanted.event_type} -> {self.wanted.place.uri}"


class Update(NamedTuple):
    """The change of a trigger of this stack that is not as wanted; ``faults`` say how it differs."""

    trigger: Trigger
    wanted: Wanted
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.wanted.event_type} -> {self.wanted.place.uri}, which {', '.join(self.faults)}"


class Delete(NamedTuple):
    """The deletion of a trigger of this stack that is one too many."""

    trigger: Trigger

    def __str__(self) -> str:
        return f"{self.trigger.event_type} -> {self.trigger.uri}"


Action = Create | Update | Delete


def plan(
    existing: Sequence[Trigger],
    wanted: Iterable[Place],
    old_uris: Iterable[str] = (),
    *,
    additive: bool | None = None,
) -> list[Action]:
    """Return the changes that ``existing`` needs; deletions come last, when the replacements exist.

    ``old_uris`` are earlier destinations of this stack. Triggers that point anywhere else are left alone.
    """
    wanted, old_uris = tuple(wanted), tuple(old_uris)
    now = [place.uri for place in wanted]
    left = [trigger for trigger in existing if leads_to(trigger, (*now, *old_uris))]
    actions: list[Action] = []
    for place in wanted:
        for event_type in ALL:
            want = Wanted(event_type, place, additive)
            found = _best(left, want)
            if found is None:
                actions.append(Create(want))
                continue
            left.remove(found)
            if faults := want.faults(found):
                actions.append(Update(found, want, tuple(faults)))
    superfluous = [t for t in left if t.event_type in (*ALL, "all") or not leads_to(t, now)]
    order = (Update, Create)
    actions.sort(key=lambda action: order.index(type(action)))
    return [*actions, *map(Delete, superfluous)]


def removal(existing: Iterable[Trigger], uris: Iterable[str]) -> list[Action]:
    """Return the deletion of every trigger that points to one of ``uris``."""
    uris = tuple(uris)
    return [Delete(trigger) for trigger in existing if leads_to(trigger, uris)]


def leads_to(trigger: Trigger, uris: Iterable[str]) -> bool:
    """Return whether a trigger points to the same destination as one of ``uris``."""
    return any(same_place(trigger.uri, uri) for uri in uris)


def _best(left: Iterable[Trigger], want: Wanted) -> Trigger | None:
    """Return the trigger that needs the least change to be as wanted."""
    fitting = [t for t in left if t.event_type == want.event_type and t.uri_type == want.place.uri_type]
    return min(fitting, key=lambda t: (not same_place(t.uri, want.place.uri), len(want.faults(t))), default=None)
