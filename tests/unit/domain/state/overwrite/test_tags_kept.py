"""Whether an overwrite kept the tags, by what the account says and the upload lists."""

import msgspec
import pytest
from msgspec.structs import replace

from autotag.domain.model.audit import iso
from autotag.domain.state.asset_state import AssetState, Write
from autotag.domain.state.complete import decode_audit
from autotag.domain.state.overwrite import overwritten, with_uploaded_tags
from tests.unit.domain.state.overwrite.overwritten_picture import VERSION, older, upload, user_tags
from tests.unit.domain.state.state_builders import MINUTE, T0, claimed, complete, facts, intent_of, message


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
