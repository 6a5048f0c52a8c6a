"""Whose the tags of an overwritten picture are, by what the account keeps and the upload lists."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import iso
from autotag.domain.model.labels import Categorization
from autotag.domain.model.messages import LabelsObserved
from autotag.domain.state.asset_state import AssetState, Claim, Poll, TagPreference, Write
from autotag.domain.state.complete import decode_audit
from autotag.domain.state.overwrite import lists_tags, overwritten, with_uploaded_tags, without_removed
from tests.unit.domain.state.state_builders import MINUTE, REF, T0, claimed, complete, facts, intent_of, message, state

VERSION = T0 // 1000
"""The version of the newer picture, uploaded at ``T0``."""


def upload(*tags: str, read: bool = False, found: Categorization | None = None, at: int = T0 + 1) -> LabelsObserved:
    """Return the notification of the newer picture, or a read of it, that lists ``tags``."""
    told = message(found, version=VERSION, at=at, seen=facts(*tags, at=at))
    return replace(told, source=replace(told.source, notification_type="" if read else "upload"))


def older(**fields: Any) -> AssetState:
    """Return the state of the older picture, where we had added Guitar and taken Music off; press is a person's."""
    known: dict[str, Any] = {
        "facts": facts("press", at=T0 - 2 * MINUTE),
        "managed_tags": {"Guitar": ("guitar",)},
        "writes": {"Guitar": Write("add", T0 - MINUTE, 100), "Music": Write("remove", T0 - MINUTE, 100)},
    }
    return state(**{**known, **fields})


def user_tags(known: AssetState) -> set[str]:
    """Return the keys of the tags that count as brought by an upload."""
    return {key for key, preference in known.people.items() if preference.set_by_upload}


def tags_of(known: AssetState) -> tuple[str, ...]:
    assert known.facts is not None
    return known.facts.tags


@pytest.mark.parametrize(
    ("keeps", "listed", "tags", "since", "set_by_it"),
    [
        (True, (), ("press",), 100, set()),  # kept, and left out of the notification
        (True, ("press", "Guitar"), ("press", "Guitar"), 100, set()),
        (True, ("press", "Guitar", "Music"), ("press", "Guitar", "Music"), 100, {"music"}),
        (True, ("Guitar",), ("Guitar",), 0, {"guitar"}),  # it sent tags in place of the kept ones
        (False, ("press", "Guitar"), ("press", "Guitar"), 0, {"guitar"}),
        (False, (), (), 0, set()),
        (None, ("press", "Guitar"), ("press", "Guitar"), 100, set()),
        (None, ("GUITAR", "press"), ("GUITAR", "press"), 100, set()),
        (None, ("press", "Guitar", "Music"), ("press", "Guitar", "Music"), 0, {"guitar", "music"}),
        (None, (), (), 0, set()),
    ],
)
def test_what_is_listed_tells_whether_tags_were_kept_and_which_the_upload_set(
    keeps: bool | None, listed: tuple[str, ...], tags: tuple[str, ...], since: int, set_by_it: set[str]
) -> None:
    after = overwritten(older(), upload(*listed), keeps)
    assert (after.asset.version, tags_of(after), after.tags_since) == (VERSION, tags, since)
    assert user_tags(after) == set_by_it
    assert (after.categorizations, after.decided, after.poll) == ({}, "", None)


def test_a_read_that_shows_no_tags_tells_that_they_were_cleared() -> None:
    assert overwritten(older(), upload(read=True), True).tags_since == 0
    assert overwritten(older(), upload(read=True), False).tags_since == 0
    assert overwritten(older(), upload("press", "Guitar", read=True), True).tags_since == 100


def test_where_nothing_was_known_to_be_there_nothing_was_kept() -> None:
    bare = older(facts=facts(), managed_tags={}, writes={"Music": Write("add", T0 - MINUTE, 100)})
    assert overwritten(bare, upload("Music"), True).tags_since == 0
    assert user_tags(overwritten(bare, upload("Music"), True)) == {"music"}
    assert overwritten(bare, upload(), None).tags_since == 0
    assert (
        overwritten(older(managed_tags={}), upload("press"), None).tags_since == 0
    )  # none of ours: either is the same


@pytest.mark.parametrize(("keeps", "since"), [(True, 100), (False, 0), (None, 0)])
def test_labels_without_facts_leave_it_to_the_account(keeps: bool | None, since: int) -> None:
    after = overwritten(older(), message(complete(), version=VERSION), keeps)
    assert (after.facts, after.tags_since, user_tags(after)) == (None, since, set())


def test_tags_are_kept_since_the_last_upload_that_cleared_them() -> None:
    assert overwritten(older(tags_since=50), upload("press", "Guitar"), True).tags_since == 50
    assert overwritten(older(tags_since=50), upload(), False).tags_since == 0


def test_kept_tags_are_known_less_what_we_took_off_since() -> None:
    late = older(writes={"Music": Write("remove", T0 + MINUTE, 100)}, managed_tags={})
    assert tags_of(overwritten(late, upload("press", "Music"), True)) == ("press",)
    assert tags_of(overwritten(late, upload("press", "Music"), False)) == ("press", "Music")


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


def newer(**fields: Any) -> AssetState:
    """Return the state of the newer picture as a read was first to show it, decided on since."""
    known: dict[str, Any] = {
        "asset": replace(REF, version=VERSION),
        "facts": facts("press", "Guitar", at=T0 + MINUTE),
        "writes": {"Guitar": Write("add", T0 + MINUTE, 100)},
        "managed_tags": {"Guitar": ("guitar",)},
        "decided": "x",
    }
    return state(**{**known, **fields})


def test_a_notification_after_a_read_tells_what_the_upload_had_set_before_our_call() -> None:
    after = with_uploaded_tags(newer(), upload("Guitar"), False)
    assert (user_tags(after), after.managed_tags, after.decided) == ({"guitar"}, {}, "")


@pytest.mark.parametrize(
    ("known", "told", "keeps"),
    [
        (newer(), upload("Guitar", read=True), False),
        (newer(listed=T0), upload("Guitar"), False),
        (newer(), upload("press", "Guitar"), True),
        (newer(), upload("press"), False),
        (newer(), message(version=VERSION), False),
        (newer(writes={"Guitar": Write("add", T0, 100)}), upload("Guitar"), False),
        (newer(writes={"Guitar": Write("add", T0 + 1, 100)}), upload("Guitar"), False),
        (newer(writes={"Guitar": Write("add", T0 + MINUTE, VERSION)}), upload("Guitar"), False),
    ],
    ids=[
        "a read",
        "it has come",
        "kept",
        "not listed",
        "no facts",
        "called before",
        "called at once",
        "called for this version",
    ],
)
def test_otherwise_a_notification_of_a_known_version_changes_nothing(
    known: AssetState, told: LabelsObserved, keeps: bool
) -> None:
    assert with_uploaded_tags(known, told, keeps) == known


@pytest.mark.parametrize(
    "fields",
    [
        {"writes": {"Guitar": Write("remove", T0 + MINUTE, VERSION)}},
        {"writes": {"Guitar": Write("remove", T0 + MINUTE, VERSION)}, "managed_tags": {}},
        {"writes": {"Guitar": Write("add", T0 + MINUTE, VERSION)}, "managed_tags": {}},
    ],
)
def test_a_call_that_does_not_stand_for_this_version_is_no_answer(fields: dict[str, Any]) -> None:
    assert user_tags(with_uploaded_tags(newer(**fields), upload("Guitar"), False)) == {"guitar"}


def test_the_first_facts_of_a_version_tell_what_its_upload_set() -> None:
    after = with_uploaded_tags(newer(facts=None), upload("Guitar"), False)
    assert (user_tags(after), after.managed_tags) == ({"guitar"}, {})
    known = newer(facts=None, managed_tags={}, writes={"Guitar": Write("remove", T0 + MINUTE, VERSION)})
    assert user_tags(with_uploaded_tags(known, upload("Guitar"), None)) == {"guitar"}
    assert with_uploaded_tags(newer(facts=None), message(version=VERSION), False) == newer(facts=None)


def test_only_an_uploads_own_notification_lists_what_it_set() -> None:
    assert lists_tags(upload())
    assert not lists_tags(upload(read=True))
    assert not lists_tags(message(complete()))


@pytest.mark.parametrize(
    ("write", "tags"),
    [
        (Write("remove", T0 + 1, 100), ("press",)),
        (Write("remove", T0, 100), ("press",)),
        (Write("remove", T0 - 1, 100), ("press", "Music")),
        (Write("add", T0 + 1, 100), ("press", "Music")),
    ],
)
def test_facts_do_not_show_what_we_took_off_since(write: Write, tags: tuple[str, ...]) -> None:
    assert without_removed(state(writes={"Music": write}), facts("press", "Music")).tags == tags


SINCE, PERHAPS, AT_ONCE = (
    Write("add", T0 + MINUTE, 100),
    Write("add", T0 + MINUTE, 100, first_at=T0 - 1),
    Write("add", T0 + 1, 100),
)
"""Calls that added Drums: after the upload came, perhaps before that, and at its very time."""


@pytest.mark.parametrize(
    ("write", "listed", "where_kept", "where_not_known"),
    [
        (SINCE, ("press", "Guitar"), True, True),
        (SINCE, ("press", "Guitar", "Drums"), True, False),  # the upload set it
        (SINCE, ("press",), False, False),  # not all that was there: the upload sent it
        (SINCE, ("Drums",), False, False),
        (PERHAPS, ("press", "Guitar"), True, True),
        (PERHAPS, ("press", "Guitar", "Drums"), True, True),
        (AT_ONCE, ("press", "Guitar"), False, False),
        (AT_ONCE, ("press", "Guitar", "Drums"), True, True),
    ],
)
def test_kept_tags_are_compared_with_those_that_were_there_when_the_upload_came(
    write: Write, listed: tuple[str, ...], where_kept: bool, where_not_known: bool
) -> None:
    known = older(managed_tags={"Guitar": ("guitar",), "Drums": ("drums",)})
    known = replace(known, writes=known.writes | {"Drums": write})
    assert (overwritten(known, upload(*listed), True).tags_since == 100) == where_kept
    assert (overwritten(known, upload(*listed), None).tags_since == 100) == where_not_known


@pytest.mark.parametrize(("write", "kept"), [(PERHAPS, True), (SINCE, False), (AT_ONCE, True)])
def test_a_tag_that_may_have_been_added_before_the_upload_is_what_was_kept(write: Write, kept: bool) -> None:
    known = older(managed_tags={"Drums": ("drums",)}, facts=facts(at=T0 - MINUTE), writes={"Drums": write})
    assert (overwritten(known, upload("Drums"), True).tags_since == 100) == kept
    assert (overwritten(known, upload("Drums"), None).tags_since == 100) == kept


@pytest.mark.parametrize("keeps", [True, None])
@pytest.mark.parametrize(
    ("claimed_at", "listed", "kept"),
    [
        (T0 + 1, ("press", "Guitar"), True),  # the intent removes Guitar and adds Drums: neither is done
        (T0 + 1, ("press",), True),
        (T0 + 1, ("press", "Drums"), True),  # both are
        (T0 + 1, ("Drums",), False),  # not all that was there
        (T0 + 2, ("press", "Drums"), False),  # claimed since
        (T0 + 2, ("press", "Guitar"), True),
    ],
)
def test_the_calls_of_an_open_intent_may_have_been_made_before_the_upload_came(
    keeps: bool | None, claimed_at: int, listed: tuple[str, ...], kept: bool
) -> None:
    known = claimed(older(found=complete({"Drums": 0.9})))
    intent = intent_of(known)
    assert (intent.add, intent.remove) == (("Drums",), ("Guitar",))
    audit = replace(decode_audit(intent), at=iso(claimed_at))
    known = replace(known, intent=replace(intent, audit=msgspec.json.encode(audit)))
    assert (overwritten(known, upload(*listed), keeps).tags_since == 100) == kept


@pytest.mark.parametrize("keeps", [True, None])
def test_a_tag_that_we_took_off_since_was_there_to_be_kept(keeps: bool | None) -> None:
    known = older(writes={"Guitar": Write("add", T0 - MINUTE, 100), "Music": Write("remove", T0 + MINUTE, 100)})
    after = overwritten(known, upload("press", "Guitar", "Music"), keeps)
    assert (after.tags_since, user_tags(after), tags_of(after)) == (100, set(), ("press", "Guitar"))


@pytest.mark.parametrize("keeps", [True, None])
def test_what_we_added_before_a_read_and_after_the_upload_hides_no_kept_tags(keeps: bool | None) -> None:
    """The read shows it beside the kept ones; the upload's notification comes later, and lists those alone."""
    known = older(managed_tags={"Guitar": ("guitar",), "Drums": ("drums",)})
    known = replace(known, writes=known.writes | {"Drums": SINCE})
    shown = overwritten(known, upload("press", "Guitar", "Drums", read=True, at=T0 + 2 * MINUTE), keeps)
    after = with_uploaded_tags(shown, upload("press", "Guitar"), keeps)
    assert user_tags(after) == set() and set(after.managed_tags) == {"Guitar", "Drums"}


def test_what_was_there_before_is_compared_though_a_read_was_first_to_show_the_newer_picture() -> None:
    known = newer(before=("press", "Music"))
    assert user_tags(with_uploaded_tags(known, upload("press", "Guitar"), True)) == {"guitar"}
    assert user_tags(with_uploaded_tags(replace(known, before=("press",)), upload("press", "Guitar"), True)) == set()


@pytest.mark.parametrize("keeps", [True, None])
def test_a_tag_that_we_took_off_the_newer_picture_was_there_before(keeps: bool | None) -> None:
    shown = overwritten(older(), upload("press", "Guitar", read=True, at=T0 + 2 * MINUTE), keeps)
    since = {"Guitar": Write("remove", T0 + 3 * MINUTE, VERSION), "Drums": Write("add", T0 + 3 * MINUTE, 100)}
    decided = replace(shown, managed_tags={"Drums": ("drums",)}, writes=shown.writes | since)
    assert user_tags(with_uploaded_tags(decided, upload("press", "Guitar"), keeps)) == set()
    # one that did not keep Guitar sent its tags itself
    assert user_tags(with_uploaded_tags(decided, upload("press", "Drums"), keeps)) == {"drums"}


@pytest.mark.parametrize("keeps", [True, None])
def test_the_first_tags_that_an_open_intent_adds_may_have_been_kept(keeps: bool | None) -> None:
    known = claimed(older(found=complete({"Drums": 0.9}), managed_tags={}, writes={}))
    audit = replace(decode_audit(intent_of(known)), at=iso(T0))
    known = replace(known, intent=replace(intent_of(known), audit=msgspec.json.encode(audit)))
    assert overwritten(known, upload("press", "Drums"), keeps).tags_since == 100
