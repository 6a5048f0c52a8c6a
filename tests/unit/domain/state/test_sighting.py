"""Of two sightings of one time the same one counts, with its tags and its name, whatever was written in between."""

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import Facts
from autotag.domain.model.messages import LabelsObserved
from autotag.domain.state.asset_state import AssetState, TagPreference, Write
from autotag.domain.state.merge import merge
from autotag.domain.state.overwrite import is_older, sighting
from tests.unit.domain.state.state_builders import MINUTE, REF, T0, complete, facts, failed, message, state

VERSION = T0 // 1000


def upload(*tags: str, at: int = T0, version: int = 100, name: str = REF.public_id) -> LabelsObserved:
    return message(None, at=at, version=version, seen=facts(*tags, at=at), public_id=name)


def merged(known: AssetState | None, *said: LabelsObserved) -> AssetState:
    """Return the state once ``said`` were merged in their order, in an account that clears tags."""
    for each in said:
        known = merge(known, each, keeps=False) or known
    assert known is not None
    return known


def seen_by(said: LabelsObserved, **fields: Any) -> AssetState:
    """Return the state that knows ``said``."""
    return replace(state(facts=said.facts, **fields), seen=sighting(said), listed=said.observed_at)


def test_a_sighting_is_named_by_all_that_it_shows_and_by_nothing_else() -> None:
    names = {
        sighting(each)
        for each in (upload("a"), upload("b"), upload("a", at=T0 + 1), upload("a", name="stage/b"), message(None))
    }
    assert len(names) == 5 and "" in names and {len(name) for name in names} == {0, 12}
    turned = [Facts("stage", "jpg", {k: "1" for k in keys}, (), T0) for keys in ("ab", "ba")]
    assert len({sighting(message(None, seen=each)) for each in turned}) == 1


def test_of_two_sightings_the_younger_is_news_and_of_one_time_one_of_them() -> None:
    first, second = upload("a"), upload("b")
    assert is_older(first, seen_by(second)) != is_older(second, seen_by(first))
    assert not is_older(first, seen_by(first)) and not is_older(first, state(facts=None))
    assert is_older(first, seen_by(upload("a", at=T0 + 1))) and is_older(message(None), seen_by(first))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_tags_and_the_name_of_one_sighting_count_together(order: tuple[int, ...]) -> None:
    said = [upload("a", name="stage/x"), upload("b", name="stage/y"), upload(name="stage/z")]
    after = merged(None, *(said[n] for n in order))
    best = max(said, key=sighting)
    assert (after.facts, after.asset.public_id, after.seen) == (best.facts, best.asset.public_id, sighting(best))


def pair(version: int = VERSION) -> tuple[LabelsObserved, LabelsObserved]:
    """Return two notifications of one upload of which the second counts; it alone lists Guitar."""
    for n in range(50):
        first, second = upload("x", f"{n}", version=version), upload("Guitar", f"{n}", version=version)
        if sighting(first) < sighting(second):
            return first, second
    raise AssertionError("no such pair")


def ours_on(version: int) -> AssetState:
    """Return the state of an older picture with tags of ours."""
    at = version * 1000 - MINUTE
    writes = {"Guitar": Write("add", at, 100), "Music": Write("add", at, 100)}
    return state(
        facts=facts(at=at), managed_tags={"Guitar": ("guitar",), "Music": ("music",)}, writes=writes, decided="x"
    )


def test_of_two_notifications_of_one_upload_the_one_that_counts_tells_which_tags_it_set() -> None:
    loses, wins = pair()
    assert set(merged(ours_on(VERSION), loses, wins).people) == {"guitar"}
    assert set(merged(ours_on(VERSION), wins, loses).people) == {"guitar"}
    back = (replace(loses, facts=facts("Music", at=T0)), replace(wins, facts=facts("Guitar", at=T0)))
    low, high = sorted(back, key=sighting)
    expected = {tag.lower() for tag in (high.facts.tags if high.facts else ())}
    for order in ((low, high), (high, low), (low, high, low)):
        after = merged(ours_on(VERSION), *order)
        assert set(after.people) == expected and after.decided == ""


def test_what_people_said_otherwise_at_that_time_stays() -> None:
    loses, wins = pair()
    known = merged(ours_on(VERSION), loses)
    people = known.people | {
        "cat": TagPreference("add", T0, "Cat"),
        "dog": TagPreference("add", T0 - 1, "Dog", set_by_upload=True),
        "music": TagPreference("add", T0, "Music", set_by_upload=True),
    }
    after = merged(replace(known, people=people), wins)
    assert set(after.people) == {"cat", "dog", "guitar"}


def test_where_tags_were_kept_or_a_later_notification_came_nothing_is_judged_again() -> None:
    _, wins = pair()
    known = replace(ours_on(VERSION), asset=replace(REF, version=VERSION), listed=T0, facts=facts("x", at=T0))
    assert set(merged(known, wins).people) == {"guitar"}
    assert merged(replace(known, tags_since=100), wins).people == {}
    assert merged(replace(known, listed=T0 - 1), wins).people == {}
    assert merged(replace(known, facts=facts("x", at=T0 + 1)), wins).people == {}


def labels(at: int, name: str) -> LabelsObserved:
    """Return the notification of labels alone."""
    return message(failed(at=at), at=at, public_id=name)


@pytest.mark.parametrize(
    ("known", "said", "name"),
    [
        (state(), labels(T0 + 1, "stage/b"), "stage/b"),
        (state(), labels(T0, "stage/b"), REF.public_id),  # facts of that time know better
        (state(), labels(T0 - 1, "stage/b"), REF.public_id),
        (state(facts=None), upload(name="stage/a"), "stage/a"),
        (state(facts=None), upload(name="stage/a", at=T0 - 1), REF.public_id),
        (state(complete(at=T0 + 5)), upload(name="stage/a", at=T0 + 4), REF.public_id),
        (state(complete(at=T0 + 5)), upload(name="stage/a", at=T0 + 5), "stage/a"),
        (state(complete(at=T0 + 5)), labels(T0 + 5, "stage/z"), "stage/z"),
        (state(complete(at=T0 + 5)), labels(T0 + 5, "stage/a"), REF.public_id),
        (state(complete(at=T0 + 5)), labels(T0 + 4, "stage/z"), REF.public_id),
    ],
)
def test_what_was_seen_last_names_the_asset(known: AssetState, said: LabelsObserved, name: str) -> None:
    assert merged(known, said).asset.public_id == name


def test_of_answers_of_several_providers_the_last_is_since_when_a_name_is_known() -> None:
    known = state(facts=None)
    known = replace(known, categorizations=known.categorizations | {"google_tagging": complete(at=T0 + 9)})
    assert merged(known, labels(T0 + 5, "stage/z")).asset.public_id == REF.public_id


def test_a_notification_that_comes_again_has_nothing_decided_again() -> None:
    _, wins = pair()
    known = replace(merged(ours_on(VERSION), wins), decided="y")
    assert merged(known, wins).decided == "y"


def test_one_that_counts_more_has_the_asset_decided_again_and_tells_of_all_that_was_ever_ours() -> None:
    listed = ("Adopted", "Old", "x")
    for n in range(50):
        low, high = upload(f"{n}", version=VERSION), upload(*listed, f"{n}", version=VERSION)
        if sighting(low) < sighting(high):
            break
    known = replace(merged(ours_on(VERSION), low), decided="y")
    writes = known.writes | {"Old": Write("remove", T0 - MINUTE, 100)}
    known = replace(known, managed_tags=known.managed_tags | {"Adopted": ("adopted",)}, writes=writes)
    after = merged(known, high)
    assert set(after.people) == {"adopted", "old"} and after.decided == ""
