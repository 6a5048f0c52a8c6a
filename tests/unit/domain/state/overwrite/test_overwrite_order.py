"""Labels, a read or its own notification may be the first to show an overwrite: the tags of before are remembered."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.labels import Categorization
from autotag.domain.model.messages import LabelsObserved
from autotag.domain.state.asset_state import AssetState, TagPreference, Write
from autotag.domain.state.overwrite import overwritten, with_uploaded_tags
from tests.unit.domain.state.overwrite.overwritten_picture import VERSION, older, upload
from tests.unit.domain.state.state_builders import MINUTE, REF, T0, complete, facts, message, state

LABELS = message(version=VERSION, at=T0 + 1)
"""Labels of the newer picture, which list no tags."""


def waiting(before: tuple[str, ...] = ("press", "Guitar"), **fields: object) -> AssetState:
    """Return the state of the newer picture of which labels alone are known yet."""
    writes = {"Guitar": Write("add", T0 - MINUTE, 100), "Music": Write("remove", T0 - 2 * MINUTE, 50)}
    known = {
        "asset": replace(REF, version=VERSION),
        "facts": None,
        "managed_tags": {"Guitar": ("guitar",)},
        "writes": writes,
    }
    return state(**{**known, "before": before, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "before"),
    [(LABELS, ("press", "Guitar")), (upload("x", read=True), ("press", "Guitar")), (upload("x"), ())],
    ids=["labels", "a read", "its own notification"],
)
def test_the_tags_of_before_are_remembered_until_the_uploads_notification(
    first: LabelsObserved, before: tuple[str, ...]
) -> None:
    assert overwritten(older(), first, False).before == before


def test_the_tags_of_before_are_those_of_the_picture_that_was_replaced() -> None:
    again = message(version=VERSION + 9, at=T0 + 9000)
    assert overwritten(waiting(), again, False).before == ("press", "Guitar")  # nothing of the one between was seen
    seen = waiting(facts=facts("x", at=T0))
    assert overwritten(seen, again, False).before == ("x",)


@pytest.mark.parametrize(
    ("known", "keeps", "since"),
    [
        (waiting(), True, 100),
        (waiting(), False, 0),
        (waiting(tags_since=7), True, 7),
        (waiting(tags_since=7), False, 0),
        (waiting(writes={"Guitar": Write("add", T0 + MINUTE, VERSION)}), True, 0),
        (waiting(before=(), tags_since=7), False, 7),
    ],
)
def test_a_late_notification_tells_since_when_the_tags_are_there(known: AssetState, keeps: bool, since: int) -> None:
    assert with_uploaded_tags(known, upload("press", "Guitar"), keeps).tags_since == since


@pytest.mark.parametrize(
    ("listed", "found", "kept"),
    [
        (("press", "Guitar"), None, True),
        (("press", "Guitar", "Cat", "Dog"), complete({"Cat": 0.9, "Dog": 0.8}, T0), True),  # assigned besides
        (("press", "Guitar", "Cat", "Dog"), complete({"Cow": 0.9}, T0), False),
        (("press",), None, False),
    ],
)
def test_where_the_account_is_not_known_what_was_assigned_hides_nothing(
    listed: tuple[str, ...], found: Categorization | None, kept: bool
) -> None:
    assert bool(overwritten(older(), upload(*listed, found=found), None).tags_since) is kept


@pytest.mark.parametrize(("at", "kept"), [(T0 + 1, False), (T0 + 2, True)])
def test_what_a_person_adds_later_was_not_on_the_older_picture(at: int, kept: bool) -> None:
    known = older(people={"cat": TagPreference("add", at, "Cat")})
    assert bool(overwritten(known, upload("press", "Guitar"), True).tags_since) is kept


def test_what_a_person_removes_later_was_on_the_older_picture() -> None:
    removed = {
        "guitar": TagPreference("remove", T0 + 2, "Guitar", ("guitar",)),
        "music": TagPreference("remove", T0 + 2, "Music"),
    }
    known = older(managed_tags={"Cat": ("cat",)}, people=removed)
    assert overwritten(known, upload("press", "Cat", "Guitar"), None).tags_since == 100
    assert overwritten(known, upload("press", "Cat"), None).tags_since == 0
    for at, since in ((T0, 100), (T0 + 1, 100)):  # what was removed before, or added to, is as it was then
        before = older(
            managed_tags={"Cat": ("cat",)}, people={"guitar": TagPreference("remove", at, "Guitar", ("guitar",))}
        )
        assert overwritten(before, upload("press", "Cat"), None).tags_since == since
    taken = older(
        managed_tags={"Cat": ("cat",)}, people={"guitar": TagPreference("add", T0 + 2, "Guitar", ("guitar",))}
    )
    assert overwritten(taken, upload("press", "Cat", "Guitar"), None).tags_since == 100


@pytest.mark.parametrize(
    ("known", "since"),
    [
        (waiting(managed_tags={}, tags_since=7), 7),
        (waiting(managed_tags={}), 0),
        (waiting(), 100),
    ],
)
def test_where_the_account_is_not_known_ours_or_what_was_kept_before_tell(known: AssetState, since: int) -> None:
    assert with_uploaded_tags(known, upload("press", "Guitar"), None).tags_since == since
    bare = older(managed_tags={}, tags_since=7)
    assert overwritten(bare, upload("press"), None).tags_since == 0


def test_what_was_kept_stays_ours_though_its_label_comes_with_that_of_a_tag_that_was_assigned() -> None:
    found = complete({"Guitar": 0.9, "Music": 0.8}, T0)
    after = overwritten(older(), upload("press", "Guitar", "Music", found=found), True)
    assert set(after.managed_tags) == {"Guitar"} and after.people == {}
