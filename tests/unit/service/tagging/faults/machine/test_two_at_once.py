"""Two messages about one asset, the second handled while the first is, at each moment of it in turn."""

from collections.abc import Callable
from contextlib import suppress
from itertools import product

import pytest
from hypothesis import settings

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import Message
from tests.fakes.minute import a_minute
from tests.unit.service.tagging.faults.machine.studio import Studio

LABELS = {"People": 0.99, "Guitar": 0.8, "Cat": 0.6}
OTHER = {"People": 0.99, "Dog": 0.8}


def _deliver(studio: Studio, message: Message) -> None:
    """Handle ``message``; where that has to wait, it stays in the bag, as in the queue."""
    with suppress(Retryable):
        studio.handle(message)
        studio.bag.remove(message)


def _handle_all(studio: Studio) -> None:
    for message in tuple(studio.bag):
        _deliver(studio, message)


def _tagged(studio: Studio) -> None:
    studio.upload("a1", LABELS, ())
    _settle(studio)


def _gone(studio: Studio) -> None:
    _tagged(studio)
    studio.delete("a1")
    _settle(studio)


def _pending(studio: Studio) -> None:
    studio.upload("a1", LABELS, (), pending=True)
    _handle_all(studio)


def _found_gone(studio: Studio) -> None:
    """A read has found out, and no notification says so."""
    _tagged(studio)
    studio.delete("a1")
    studio.bag.clear()
    studio.hint_at("a1")
    _settle(studio)


STARTS: dict[str, Callable[[Studio], None]] = {
    "tagged": _tagged,
    "gone": _gone,
    "found gone": _found_gone,
    "pending": _pending,
    "unknown": lambda studio: studio.upload("a1", LABELS, ("press",)),
}

ACTIONS: dict[str, Callable[[Studio], object]] = {
    "overwritten": lambda studio: studio.upload("a1", OTHER, ()),
    "overwritten with labels to come": lambda studio: studio.upload("a1", OTHER, ("press",), pending=True),
    "a tag added": lambda studio: studio.touch("a1", "Dog", at_once=False, by_hand=True),
    "a tag toggled": lambda studio: studio.touch("a1", "Guitar", at_once=False, by_hand=False),
    "renamed": lambda studio: studio.rename("a1", studio.free_names()[0]),
    "moved": lambda studio: studio.move("a1"),
    "edited": lambda studio: studio.edit("a1"),
    "deleted": lambda studio: studio.delete("a1"),
    "restored": lambda studio: studio.restore("a1"),
    "hinted": lambda studio: studio.hint_at("a1"),
    "answered": lambda studio: studio.answer("a1", "accept", "Cat"),
    "asked at random": lambda studio: studio.sample("a1", "Guitar"),
}


def _happens(studio: Studio, action: str) -> bool:
    """Let ``action`` happen in Cloudinary; False where it cannot."""
    there = "a1" in studio.fakes.cloudinary.assets
    if action in ("answered", "asked at random"):
        possible = "a1" in studio.fakes.store.items
    else:
        possible = action == "hinted" or there != (action == "restored")
    studio.fakes.clock.advance(1)
    if possible:
        ACTIONS[action](studio)
    return possible


def _settle(studio: Studio) -> None:
    fakes = studio.fakes
    for _ in range(40):
        _handle_all(studio)
        fakes.clock.advance(7200)
        a_minute(fakes)
        if not studio.bag and not any(
            s.intent or s.dirty or s.outbox or s.answers or s.poll for s in fakes.store.items.values()
        ):
            return
    raise AssertionError("it never comes to rest")


def _meet(start: str, actions: tuple[str, str], turn: int, *, hints: bool, backwards: bool) -> bool:
    """Play it once, the second message handled at that turn of the first; False where there is no such turn."""
    studio = Studio(keeps=False, known=True, hints=hints)
    STARTS[start](studio)
    if not all([_happens(studio, action) for action in actions]):
        return False
    first, second = studio.bag[-2:][::-1] if backwards else studio.bag[-2:]
    left = [turn]

    def meanwhile() -> None:
        left[0] -= 1
        if left[0] == -1:
            _deliver(studio, second)

    studio.fakes.effects.turn = meanwhile
    try:
        _deliver(studio, first)
    finally:
        studio.fakes.effects.turn = lambda: None
    if left[0] >= 0:
        return False
    _settle(studio)
    studio.check()
    return True


PROFILE = settings.get_current_profile_name()
CASES = [(start, hints) for start in STARTS for hints in ((False, True) if PROFILE == "machine" else (False,))]
STEP = 1 if PROFILE in ("machine", "mutate") else 5  # `make test` tries each fifth moment, others for each pair


@pytest.mark.parametrize("first", ACTIONS)
@pytest.mark.parametrize(("start", "hints"), CASES)
def test_two_messages_that_are_handled_at_once_keep_every_promise(start: str, first: str, hints: bool) -> None:
    """``hints``: of all that happens there are hints only."""
    for n, (second, backwards) in enumerate(product(ACTIONS, (False, True))):
        turn = n % STEP
        while _meet(start, (first, second), turn, hints=hints, backwards=backwards):
            turn += STEP
