"""What is to be done to the account's triggers, so that each wanted one is there once: a pure function."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autotag_cli.setup.destinations import ALL, Place, same_place
from autotag_cli.setup.triggers import Trigger, Wanted


class Create(NamedTuple):
    """A trigger is missing."""

    wanted: Wanted

    def __str__(self) -> str:
        return f"{self.wanted.event_type} -> {self.wanted.place.uri}"


class Update(NamedTuple):
    """A trigger of ours is not as wanted; ``faults`` say in what."""

    trigger: Trigger
    wanted: Wanted
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.wanted.event_type} -> {self.wanted.place.uri}, which {', '.join(self.faults)}"


class Delete(NamedTuple):
    """A trigger of ours is one too many."""

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
    """Return what makes ``existing`` right: nothing is taken away before what takes its place is there.

    ``old_uris`` are where this stack had its notifications before. Triggers that lead anywhere else are others'.
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
    """Return what takes away every trigger that leads to one of ``uris``."""
    uris = tuple(uris)
    return [Delete(trigger) for trigger in existing if leads_to(trigger, uris)]


def leads_to(trigger: Trigger, uris: Iterable[str]) -> bool:
    """Whether a trigger leads to the same place as one of ``uris``."""
    return any(same_place(trigger.uri, uri) for uri in uris)


def _best(left: Iterable[Trigger], want: Wanted) -> Trigger | None:
    """Return the trigger that needs the least change to be as wanted."""
    fitting = [t for t in left if t.event_type == want.event_type and t.uri_type == want.place.uri_type]
    return min(fitting, key=lambda t: (not same_place(t.uri, want.place.uri), len(want.faults(t))), default=None)
