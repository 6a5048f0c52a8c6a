"""A removal that only a read showed ends where a deletion or a restoration explains it."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import READ, LabelsObserved
from autotag.domain.state.absence import explained
from autotag.domain.state.asset_state import AssetState, Assigned, TagPreference, Write
from autotag.domain.state.merge import merge
from tests.unit.domain.state.state_builders import MINUTE, T0, facts, message, state

UNSAID = TagPreference("remove", T0 + 5, "Guitar", unsaid=True)
ADDED = {"Guitar": Write("add", T0, 100)}


def test_what_a_read_did_not_show_after_a_restoration_was_removed_by_no_person() -> None:
    known = state(
        people={"guitar": UNSAID, "cat": TagPreference("add", T0, "Cat")}, writes=ADDED, decided="x", restored_at=T0
    )
    after = explained(known, T0 + 3)
    assert (set(after.people), after.decided, after.restored_at) == ({"cat"}, "", T0 + 3)
    assert explained(state(people={"guitar": UNSAID}, writes=ADDED, restored_at=T0 + 4), T0 + 3).restored_at == T0 + 4
    assert explained(state(people={"guitar": UNSAID}, writes=ADDED), T0 + 5).people == {}  # read at that very time


@pytest.mark.parametrize(
    ("preference", "write", "at", "shown"),
    [
        (TagPreference("remove", T0 + 5, "Guitar"), Write("add", T0, 100), T0 + 3, ()),  # a notification says it
        (UNSAID, Write("remove", T0, 100), T0 + 3, ()),
        (UNSAID, Write("add", T0 + 4, 100), T0 + 3, ()),  # added since
        (UNSAID, Write("add", T0 + 3, 100), T0 + 3, ()),
        (UNSAID, Write("add", T0, 100), T0 + 6, ()),  # read before that
        (UNSAID, Write("add", T0, 100), T0 + 3, ("guitar",)),
    ],
    ids=["said", "taken off", "added since", "added then", "read before", "shown"],
)
def test_any_other_removal_stays(preference: TagPreference, write: Write, at: int, shown: tuple[str, ...]) -> None:
    known = state(people={"guitar": preference}, writes={"Guitar": write}, decided="x")
    assert explained(known, at, shown) == known


def test_a_removal_of_a_tag_that_was_never_ours_stays() -> None:
    known = state(people={"cat": TagPreference("remove", T0 + 5, "Cat", unsaid=True)}, writes=ADDED)
    assert explained(known, T0 + 3) == known


def shown(*tags: str, at: int = T0 + 3, version: int = 100) -> LabelsObserved:
    """Return the notification of an upload, or of a restoration, that lists ``tags``."""
    return message(None, at=at, version=version, seen=facts(*tags, at=at))


def merged(known: AssetState, said: LabelsObserved) -> AssetState:
    after = merge(known, said, keeps=False)
    assert after is not None
    return after


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        (shown("press"), True),
        (shown("press", "Guitar"), False),
        (replace(shown("press"), source=READ), False),
        (replace(shown("press"), facts=None), False),
    ],
    ids=["lacks it", "shows it", "a read", "labels alone"],
)
def test_a_restoration_that_is_notified_late_explains_what_it_lacks(said: LabelsObserved, ends: bool) -> None:
    known = state(people={"guitar": UNSAID}, writes=ADDED, facts=facts(at=T0 + 5))
    assert (merged(known, said).people == {}) is ends


def test_of_a_restored_asset_what_it_shows_and_what_we_wrote_to_it_since_is_ours() -> None:
    at = T0 + MINUTE
    writes = {
        "Guitar": Write("add", T0, 100),
        "Gone": Write("add", T0, 100),
        "Drum": Write("add", at, 100),
        "Cow": Write("add", T0, 100),
        "Dog": Write("add", T0, 100),
        "Old": Write("remove", T0, 100),
    }
    deleted = state(
        status="gone",
        writes=writes,
        deleted_at=T0 + 1,
        people={"cow": TagPreference("add", T0, "Cow")},
        assigned={"dog": Assigned(T0, False)},
    )
    after = merged(deleted, shown("Guitar", "Cow", "Dog", "Old", at=at))
    assert (set(after.managed_tags), after.status, after.restored_at, after.decided) == (
        {"Guitar", "Drum"},
        "pending",
        at,
        "",
    )


def test_what_cloudinary_assigned_to_an_older_picture_does_not_hold_for_the_restored_one() -> None:
    """Then a tag that we wrote to it is ours."""
    known = state(status="gone", writes=ADDED, deleted_at=T0 + 1, assigned={"guitar": Assigned(99_999, False)})
    assert set(merged(known, shown("Guitar")).managed_tags) == {"Guitar"}
    since = replace(known, assigned={"guitar": Assigned(100_000, False)})
    assert merged(since, shown("Guitar")).managed_tags == {}


def test_what_became_of_ours_on_a_newer_picture_is_judged_as_with_any_overwrite() -> None:
    known = state(status="gone", writes=ADDED, deleted_at=T0 + 1, facts=facts("press", "Guitar"))
    after = merge(known, shown("press", version=101), keeps=True)
    assert after is not None and set(after.managed_tags) == {"Guitar"}
