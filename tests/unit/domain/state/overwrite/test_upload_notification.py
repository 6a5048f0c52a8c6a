"""An upload's own notification about a version that is known already."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import LabelsObserved
from autotag.domain.state.asset_state import AssetState, Write
from autotag.domain.state.overwrite import lists_tags, with_uploaded_tags, without_removed
from tests.unit.domain.state.overwrite.overwritten_picture import VERSION, upload, user_tags
from tests.unit.domain.state.state_builders import MINUTE, REF, T0, complete, facts, message, state


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


def test_what_was_there_before_is_compared_though_a_read_was_first_to_show_the_newer_picture() -> None:
    known = newer(before=("press", "Music"))
    assert user_tags(with_uploaded_tags(known, upload("press", "Guitar"), True)) == {"guitar"}
    assert user_tags(with_uploaded_tags(replace(known, before=("press",)), upload("press", "Guitar"), True)) == set()
