"""Which random questions are asked: as many as wanted, from all confidences, and the same whatever the order."""

from collections import Counter
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.learning.sampling import STRATA, SamplePool, choose_samples
from autotag.domain.model.verdicts import Bar, Sample
from autotag.domain.state.asset_state import AssetState, TagPreference
from tests.unit.autotag_cli.made_up_history import scanned
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.state.state_builders import REF, T0, complete, state

RULES = book("")
CONFIDENCES = st.lists(st.integers(0, 10_000).map(lambda n: n / 10_000), min_size=1, max_size=60)


def picture(number: int, **labels: float) -> AssetState:
    """Return a picture with labels of these confidences."""
    return replace(state(complete(labels)), asset=replace(REF, asset_id=f"a{number}"))


def pool_of(assets: Iterable[AssetState], seed: str = "0", per_label: int = 10) -> SamplePool:
    """Return what may be asked of a library."""
    pool = SamplePool(seed, per_label)
    for each in assets:
        pool.add(scanned(each), RULES)
    return pool


@given(CONFIDENCES, st.integers(0, 80))
def test_as_many_are_asked_as_wanted_or_there_are_whatever_the_order_of_the_pictures(
    confidences: list[float], quota: int
) -> None:
    library = [picture(n, Dog=confidence) for n, confidence in enumerate(confidences)]
    chosen = choose_samples(pool_of(library, per_label=100), {"dog": quota})
    assert len(chosen) == min(quota, len(library))
    assert {each.asset_id for each in chosen} == {
        each.asset_id for each in choose_samples(pool_of(reversed(library), per_label=100), {"dog": quota})
    }


@given(CONFIDENCES, st.integers(1, 60))
def test_strata_differ_by_one_question_at_most_unless_they_have_no_more_pictures(
    confidences: list[float], quota: int
) -> None:
    library = {f"a{n}": confidence for n, confidence in enumerate(confidences)}
    pool = pool_of((picture(n, Dog=confidence) for n, confidence in enumerate(confidences)), per_label=100)
    there = Counter(min(STRATA - 1, int(each * STRATA)) for each in confidences)
    asked = Counter(
        min(STRATA - 1, int(library[each.asset_id] * STRATA)) for each in choose_samples(pool, {"dog": quota})
    )
    most = max(asked.values())
    assert all(asked[part] >= most - 1 or asked[part] == there[part] for part in there)


def test_which_pictures_are_asked_about_does_not_depend_on_what_rules_or_people_did_to_others() -> None:
    library = [picture(n, Dog=0.5) for n in range(100)]
    before = {each.asset_id for each in choose_samples(pool_of(library), {"dog": 10})}
    added = [*library, *(picture(1000 + n, Cat=0.9) for n in range(50))]
    assert {each.asset_id for each in choose_samples(pool_of(added), {"dog": 10})} == before
    assert {each.asset_id for each in choose_samples(pool_of(library, seed="1"), {"dog": 10})} != before


def test_a_picture_is_asked_about_once_as_long_as_there_are_others() -> None:
    library = [picture(n, Dog=0.5, Cat=0.5) for n in range(20)]
    spread = choose_samples(pool_of(library, per_label=20), {"dog": 10, "cat": 10})
    assert len(spread) == 20 and all(len(each.labels) == 1 for each in spread)
    few = choose_samples(pool_of(library[:10]), {"dog": 10, "cat": 10})
    assert {label for each in few for label in each.labels} == {"dog", "cat"} and len(few) == 10
    assert all(len(each.labels) == 2 for each in few)


def test_what_was_asked_is_counted_and_not_asked_again() -> None:
    open_ = replace(picture(0, Dog=0.5), samples={"dog": Sample(T0, "Dog", "dog", 5000, "", Bar(0.7))})
    answered = replace(
        picture(1, Dog=0.5), samples={"dog": Sample(T0, "Dog", "dog", 5000, "", Bar(0.7), "accept", T0 + 1)}
    )
    removed = replace(open_, asset=replace(REF, asset_id="a2"), people={"dog": TagPreference("remove", T0, "Dog")})
    pool = pool_of([open_, answered, removed, picture(3, Dog=0.5)])
    dog = pool.labels["dog"]
    assert (dog.pictures, dog.waiting, dog.answered, dog.candidates) == (4, 1, 2, 1)
    assert (pool.sampled, pool.waiting, pool.recent) == (1, 0, 3)
    assert [each.asset_id for each in choose_samples(pool, {"dog": 10})] == ["a3"]


def test_the_version_that_is_asked_about_is_the_one_that_was_seen() -> None:
    (asked,) = choose_samples(pool_of([picture(0, Dog=0.5)]), {"dog": 1})
    assert (asked.asset_id, asked.version, asked.labels) == ("a0", REF.version, ("dog",))
