"""A cleared tag: what a person or a reject removed may come back, and nothing else changes."""

import pytest
from msgspec.structs import replace

from autotag.domain.runs.retag import retagging
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import person
from tests.unit.service.settle import check
from tests.unit.service.tagging.people.guitarist import BY, answer, audits, do, stored, upload_again, would_ask


@pytest.mark.parametrize("how", ["rejected", "removed"])
def test_a_cleared_removal_lets_the_next_decision_bring_the_tag_back(fakes: Fakes, how: str) -> None:
    if how == "rejected":
        do(fakes, answer(fakes, reject=("Musician",)))
    else:
        fakes.rules.use("[defaults]\nthreshold = 0.5\n", 1)
        upload_again(fakes, 200)
        fakes.cloudinary.assets["a1"]["tags"].remove("Musician")
        handle(fakes.deps, person(removed=("Musician",), at=fakes.clock.now()), fakes.remaining)
    tags = fakes.cloudinary.tags("a1")
    do(fakes, answer(fakes, version=stored(fakes).asset.version, clear=("musician",)))

    assert fakes.cloudinary.tags("a1") == tags
    assert audits(fakes)[-1].reason == f"cleared by {BY}: Musician"
    fakes.rules.use("[defaults]\nthreshold = 0.5\n", 2)
    assert "Musician" in would_ask(fakes)[0]
    check(fakes)


def test_a_cleared_tag_that_was_on_the_asset_is_written_again_not_taken_for_a_persons(fakes: Fakes) -> None:
    """What was last seen of the asset lists the tag; only that a person removed it tells that it is not there."""
    seen = stored(fakes).facts
    assert seen is not None
    there = replace(seen, tags=("press", "People", "Guitar"))
    fakes.store.items["a1"] = replace(stored(fakes), facts=there)
    handle(fakes.deps, person(removed=("People",), at=fakes.clock.now()), fakes.remaining)
    do(fakes, answer(fakes, clear=("People",)))
    again = retagging(stored(fakes), fakes.rules.active().ruleset)

    assert again is not None and again.difference.add == ("People",)


def test_a_younger_removal_is_not_cleared_by_an_older_word(fakes: Fakes) -> None:
    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    message = answer(fakes, clear=("Guitar",))
    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    do(fakes, message)

    assert audits(fakes) == [] and "Guitar" not in would_ask(fakes)[0]


def test_a_removal_that_is_told_late_does_not_undo_that_it_was_cleared(fakes: Fakes) -> None:
    removal = person(removed=("Guitar",), at=fakes.clock.now())
    handle(fakes.deps, removal, fakes.remaining)
    do(fakes, answer(fakes, clear=("Guitar",)))
    handle(fakes.deps, removal, fakes.remaining)
    assert "Guitar" in would_ask(fakes)[0]

    handle(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    assert "Guitar" not in would_ask(fakes)[0]


def test_what_a_person_added_is_not_cleared(fakes: Fakes) -> None:
    do(fakes, answer(fakes, accept=("Musician",)))
    do(fakes, answer(fakes, clear=("Musician",)))

    assert stored(fakes).people["musician"].want == "add" and len(audits(fakes)) == 1
