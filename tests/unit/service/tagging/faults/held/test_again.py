"""A process that takes an intent over cannot know the last call of an owner that died behind the audit (AGAIN)."""

import pytest

from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import person
from tests.unit.service.settle import check
from tests.unit.service.tagging.faults.held.left_claims import (
    DEATH,
    OVERRIDDEN,
    UPLOAD,
    die_after_the_claim,
    die_next,
    given_asset,
    open_intent,
    receive,
)

REMOVED = person(removed=("Guitar",), at=START + 1)
ADDED = person(added=("Guitar",), at=START + 2)


@pytest.fixture
def fakes() -> Fakes:
    return given_asset()


def test_again_a_tag_that_a_person_removed_and_added_stays_though_a_worker_died_behind_the_repair(
    fakes: Fakes,
) -> None:
    def remove_then_add() -> None:
        """Told of the removal alone, the owner removes the tag again, and dies before its final write."""
        receive(fakes, REMOVED)
        fakes.effects.die_at = (fakes.effects.done + 1, "before")

    fakes.effects.meanwhile = {4: remove_then_add}  # before the final write
    with pytest.raises(Died):
        receive(fakes, UPLOAD)
    assert fakes.cloudinary.tags("a1") == {"People"}

    receive(fakes, ADDED)
    fakes.clock.advance(DEATH)
    receive(fakes, UPLOAD, before=True)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}


def test_again_a_removal_that_was_audited_beside_an_intent_is_repaired_after_a_death(fakes: Fakes) -> None:
    def finish() -> None:
        """The open intent is finished between the audit of the removal and its write, which is lost; then it dies."""
        fakes.store.before_put = lambda: None
        fakes.clock.advance(DEATH)
        receive(fakes, UPLOAD, before=True)
        die_next(fakes)

    die_after_the_claim(fakes, UPLOAD)
    fakes.store.before_put = finish
    with pytest.raises(Died):
        receive(fakes, OVERRIDDEN)
    assert open_intent(fakes).remove == ("Guitar",)

    fakes.clock.advance(DEATH)
    receive(fakes, OVERRIDDEN, before=True)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"People"}
