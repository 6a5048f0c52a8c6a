"""Which tags of an overwritten picture its upload set, and which are people's, the service's or Cloudinary's."""

import pytest
from msgspec.structs import replace

from autotag.domain.state.asset_state import Claim, Poll, TagPreference, Write
from autotag.domain.state.overwrite import overwritten
from tests.unit.domain.state.overwrite.overwritten_picture import older, upload, user_tags
from tests.unit.domain.state.state_builders import MINUTE, T0, claimed, complete, facts, intent_of, state


def test_a_read_that_is_to_confirm_a_claim_is_still_made_of_a_newer_version() -> None:
    poll = Poll(T0, 1, T0)
    assert overwritten(older(poll=poll), upload(), False).poll is None
    assert overwritten(older(poll=poll, claims={"cat": Claim("add", T0, "Cat")}), upload(), False).poll == poll


@pytest.mark.parametrize("read", [False, True])
def test_what_a_person_took_away_an_upload_does_not_bring_back(read: bool) -> None:
    taken = older(people={"guitar": TagPreference("remove", T0 - 1, "Guitar")}, managed_tags={})
    after = overwritten(taken, upload("Guitar", read=read), False)
    assert after.people == taken.people


def test_a_tag_that_we_never_touched_is_not_looked_at() -> None:
    assert overwritten(older(), upload("press", "stage"), False).people == {}


def test_what_auto_tagging_assigned_to_the_newer_picture_is_no_persons_and_not_ours() -> None:
    after = overwritten(older(), upload("Guitar", found=complete({"Guitar": 0.99}, T0)), False)
    assert (after.people, after.managed_tags) == ({}, {})
    both = older(managed_tags={"Guitar": ("guitar",), "Drum": ("drum",)})
    after = overwritten(both, upload("Guitar", "Drum", "Cat", found=complete({"Cat": 0.9, "Drum": 0.9}, T0)), False)
    assert user_tags(after) == {"guitar"} and after.managed_tags == {}


def test_of_several_that_were_assigned_one_is_no_persons_though_a_late_call_of_ours_took_it_off() -> None:
    late = older(writes={"Guitar": Write("add", T0 - MINUTE, 100), "Music": Write("remove", T0 + MINUTE, 100)})
    both = complete({"Guitar": 0.9, "Music": 0.9}, T0)
    assert user_tags(overwritten(late, upload("Guitar", "Music", found=both), False)) == set()
    assert user_tags(overwritten(late, upload("Music", found=complete({"Music": 0.9}, T0)), False)) == {"music"}


def test_a_tag_that_is_ours_and_not_listed_stays_ours_to_be_written_again() -> None:
    after = overwritten(older(), upload("press", "Cat", found=complete({"Cat": 0.9}, T0)), False)
    assert after.managed_tags == {"Guitar": ("guitar",)}


@pytest.mark.parametrize(("at", "set_by_it"), [(T0 - 1, True), (T0, False), (T0 + 1, False)])
def test_a_read_may_show_what_we_added_since_the_upload(at: int, set_by_it: bool) -> None:
    known = older(writes={"Guitar": Write("add", at, 100)})
    assert user_tags(overwritten(known, upload("Guitar", read=True), False)) == ({"guitar"} if set_by_it else set())
    assert user_tags(overwritten(known, upload("Guitar"), False)) == {"guitar"}  # it lists what the upload set


def test_a_tag_that_an_open_intent_concerns_was_set_by_the_upload_that_lists_it() -> None:
    """Its calls may have been made for the older picture; of a read nothing else is known."""
    known = claimed(state(complete({"Drum": 0.9, "Cat": 0.9}), facts=facts("press"), managed_tags={"Old": ("old",)}))
    assert (set(intent_of(known).add), intent_of(known).remove) == ({"Cat", "Drum"}, ("Old",))
    assert user_tags(overwritten(replace(known, managed_tags={}), upload("Drum", "Old", read=True), False)) == {
        "drum",
        "old",
    }
    stays = replace(intent_of(known), add=(), remove=())
    assert user_tags(overwritten(replace(known, intent=stays), upload("Drum", "Old"), False)) == {"drum", "old"}
    writes = {"Music": Write("add", T0 - MINUTE, 100)}
    assert user_tags(overwritten(replace(known, writes=writes), upload("Music"), False)) == {"music"}


def test_where_tags_are_kept_what_an_open_intent_takes_off_was_there_to_be_kept() -> None:
    known = claimed(state(complete({}), facts=facts("press"), managed_tags={"Old": ("old",)}))
    known = replace(known, managed_tags={}, writes={"Old": Write("remove", T0 - MINUTE, 100)})
    assert user_tags(overwritten(known, upload("press", "Old"), True)) == set()
    assert user_tags(overwritten(replace(known, intent=None), upload("press", "Old"), True)) == {"old"}
    adds = replace(intent_of(known), add=("Old",), remove=())
    assert user_tags(overwritten(replace(known, intent=adds), upload("press", "Old"), True)) == set()


@pytest.mark.parametrize(
    ("write", "set_by_it"),
    [
        (Write("remove", T0 - 1, 100), True),
        (Write("remove", T0, 100), False),
        (Write("add", T0 - 1, 100), False),
    ],
)
def test_where_tags_are_kept_only_what_was_gone_before_the_upload_is_its_own(write: Write, set_by_it: bool) -> None:
    known = older(writes={"Music": write}, managed_tags={})
    told = upload("press", "Music", at=T0 - MINUTE)  # by its own clock the notification is the older one
    assert user_tags(overwritten(known, told, True)) == ({"music"} if set_by_it else set())


def test_where_tags_are_kept_one_that_is_ours_again_was_there() -> None:
    known = older(managed_tags={"Music": ("music",)}, writes={"Music": Write("remove", T0 - MINUTE, 100)})
    assert user_tags(overwritten(known, upload("press", "Music"), True)) == set()
