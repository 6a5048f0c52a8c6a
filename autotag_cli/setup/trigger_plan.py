"""The changes to an account's triggers after which each wanted one exists once: pure functions."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autotag_cli.setup.destinations import ALL, Destination, same_destination
from autotag_cli.setup.triggers import Trigger, WantedTrigger


class Create(NamedTuple):
    """The creation of a missing trigger."""

    wanted: WantedTrigger

    def __str__(self) -> str:
        return f"{self.wanted.event_type} -> {self.wanted.destination.uri}"


class Update(NamedTuple):
    """The change of a trigger of this stack that is not as wanted; ``differences`` say how it differs."""

    trigger: Trigger
    wanted: WantedTrigger
    differences: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.wanted.event_type} -> {self.wanted.destination.uri}, which {', '.join(self.differences)}"


class Delete(NamedTuple):
    """The deletion of a trigger of this stack that is one too many."""

    trigger: Trigger

    def __str__(self) -> str:
        return f"{self.trigger.event_type} -> {self.trigger.uri}"


Action = Create | Update | Delete


def plan(
    existing: Sequence[Trigger],
    wanted: Iterable[Destination],
    old_uris: Iterable[str] = (),
    *,
    additive: bool | None = None,
) -> list[Action]:
    """Return the changes that ``existing`` needs; deletions come last, when the replacements exist.

    ``old_uris`` are earlier destinations of this stack. Triggers that point anywhere else are left alone.
    """
    wanted, old_uris = tuple(wanted), tuple(old_uris)
    now = [destination.uri for destination in wanted]
    left = [trigger for trigger in existing if points_to(trigger, (*now, *old_uris))]
    actions: list[Action] = []
    for destination in wanted:
        for event_type in ALL:
            want = WantedTrigger(event_type, destination, additive)
            trigger = _closest(left, want)
            if trigger is None:
                actions.append(Create(want))
                continue
            left.remove(trigger)
            if differences := want.differences(trigger):
                actions.append(Update(trigger, want, tuple(differences)))
    superfluous = [t for t in left if t.event_type in (*ALL, "all") or not points_to(t, now)]
    order = (Update, Create)
    actions.sort(key=lambda action: order.index(type(action)))
    return [*actions, *map(Delete, superfluous)]


def removal(existing: Iterable[Trigger], uris: Iterable[str]) -> list[Action]:
    """Return the deletion of every trigger that points to one of ``uris``."""
    uris = tuple(uris)
    return [Delete(trigger) for trigger in existing if points_to(trigger, uris)]


def points_to(trigger: Trigger, uris: Iterable[str]) -> bool:
    """Return whether a trigger points to the same destination as one of ``uris``."""
    return any(same_destination(trigger.uri, uri) for uri in uris)


def _closest(left: Iterable[Trigger], want: WantedTrigger) -> Trigger | None:
    """Return the trigger that needs the least change to be as wanted."""
    event_type, (uri, uri_type) = want.event_type, want.destination
    same_kind = [t for t in left if (t.event_type, t.uri_type) == (event_type, uri_type)]
    return min(same_kind, key=lambda t: (not same_destination(t.uri, uri), len(want.differences(t))), default=None)
