"""An asset's place in the review queue: since when its questions are open."""

from msgspec.structs import replace

from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import resource, upload
from tests.unit.service.tagging.people.guitarist import LABELS, answer, do, stored


def test_others_keep_their_place_in_the_queue(fakes: Fakes) -> None:
    asked_at = stored(fakes).asked_at
    assert asked_at
    do(fakes, answer(fakes, accept=("Musician",)))
    assert stored(fakes).asked_at == asked_at < stored(fakes).final_at
    do(fakes, answer(fakes, accept=("Performer",)))
    assert stored(fakes).asked_at == 0


def test_who_is_asked_something_new_takes_a_new_place_in_the_queue(fakes: Fakes) -> None:
    asked_at = stored(fakes).asked_at
    fakes.cloudinary.assets["a1"] = resource("a1", {**LABELS, "Drum": 0.6}, version=200)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    assert stored(fakes).review == ("Drum", "Musician", "Performer") and stored(fakes).asked_at == asked_at

    fakes.cloudinary.assets["a1"] = resource("a1", {"Guitar": 0.8, "Boat": 0.6}, version=300)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d3"), fakes.remaining)
    assert stored(fakes).review == ("Boat",) and asked_at < stored(fakes).asked_at == stored(fakes).final_at


def test_a_question_of_which_the_time_is_not_known_is_asked_from_now_on(fakes: Fakes) -> None:
    fakes.store.items["a1"] = replace(stored(fakes), asked_at=0)
    do(fakes, answer(fakes, accept=("Musician",)))

    assert stored(fakes).review == ("Performer",) and stored(fakes).asked_at == stored(fakes).final_at
