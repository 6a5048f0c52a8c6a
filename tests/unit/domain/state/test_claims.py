"""Changes of tags that a read is to confirm, and changes of one time that contradict each other."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.messages import READ, MessageOrigin, TagsEdited
from autotag.domain.state.asset_state import AssetState, Claim, Op, TagPreference, Write
from autotag.domain.state.tag_ownership import apply_person_edit, claiming, confirmed, conflicting_writes
from tests.unit.domain.state.state_builders import REF, T0, person, state

DIGEST = "e" * 64
JANE = "jane@example.com"


def claim(want: Any, at: int = T0, tag: str = "Cat", **fields: Any) -> Claim:
    return Claim(want, at, tag, **fields)


def told(want: Op, at: int = T0, tag: str = "Cat") -> TagsEdited:
    return person(added=(tag,), at=at) if want == "add" else person(removed=(tag,), at=at)


def test_a_claim_keeps_who_did_it_and_which_notification_says_so() -> None:
    said = replace(told("add"), by_hand=True)
    assert claiming(state(), said).claims == {"cat": Claim("add", T0, "Cat", JANE, True, DIGEST)}


@pytest.mark.parametrize(
    ("known", "said", "expected"),
    [
        (claim("add", T0 - 1), ("remove", T0), claim("remove", T0, by=JANE, digest=DIGEST)),
        (claim("add", T0 + 1), ("remove", T0), claim("add", T0 + 1)),
        (claim("add", by="a", by_hand=True, digest="b"), ("add", T0), claim("add", by="a", by_hand=True, digest="b")),
        (claim("add", by="a", by_hand=True, digest="b"), ("remove", T0), claim("either")),
        (claim("either"), ("remove", T0), claim("either")),
    ],
)
def test_the_youngest_claim_counts_and_of_two_of_one_time_neither(
    known: Claim, said: tuple[Op, int], expected: Claim
) -> None:
    assert claiming(state(claims={"cat": known}), told(*said)).claims == {"cat": expected}


@pytest.mark.parametrize(
    ("preference", "said", "expected"),
    [
        (TagPreference("add", T0, "Cat"), ("remove", T0 + 1), claim("remove", T0 + 1, by=JANE, digest=DIGEST)),
        (TagPreference("add", T0, "Cat"), ("remove", T0 - 1), None),
        (TagPreference("add", T0, "Cat"), ("add", T0), None),
        (TagPreference("add", T0, "Cat"), ("remove", T0), claim("either")),
        (TagPreference("add", T0, "Cat", settled=True), ("remove", T0), None),
    ],
)
def test_a_claim_that_says_no_more_than_is_known_is_none(
    preference: TagPreference, said: tuple[Op, int], expected: Claim | None
) -> None:
    after = claiming(state(people={"cat": preference}), told(*said))
    assert after.claims == ({"cat": expected} if expected else {})


def read(known: AssetState, *there: str) -> tuple[AssetState, list[TagsEdited]]:
    return confirmed(known, frozenset(there))


def test_a_claim_that_the_read_agrees_with_is_a_change_and_another_is_dropped() -> None:
    claims = {
        "cat": claim("add", by=JANE, digest=DIGEST),
        "dog": claim("remove", tag="Dog", by=JANE, digest=DIGEST),
        "cow": claim("add", tag="Cow", by=JANE, digest=DIGEST),
    }
    after, changes = read(state(claims=claims), "cat")
    source = MessageOrigin("resource_tags_changed", DIGEST)
    assert changes == [TagsEdited(REF, T0, JANE, source, ("Cat",), ("Dog",))]
    assert set(after.claims) == {"cat", "dog"}


def test_changes_of_different_events_stay_apart_the_oldest_first() -> None:
    claims = {
        "a": claim("add", T0 + 1, "a"),
        "b": claim("add", T0, "b", by="x"),
        "c": claim("add", T0, "c", by="x", by_hand=True),
        "d": claim("add", T0, "d", by="x", digest="y"),
        "e": claim("add", T0, "e"),
    }
    _, changes = read(state(claims=claims), *claims)
    assert [change.added for change in changes] == [("e",), ("b",), ("d",), ("c",), ("a",)]
    assert [change.by_hand for change in changes] == [False, False, False, True, False]


@pytest.mark.parametrize(("there", "shown"), [(("cat",), "add"), ((), "remove")])
def test_of_two_changes_of_one_time_the_read_decides(there: tuple[str, ...], shown: Op) -> None:
    after, (change,) = read(state(claims={"cat": claim("either")}), *there)
    assert (change.added, change.removed) == ((("Cat",), ()) if shown == "add" else ((), ("Cat",)))
    assert after.claims == {"cat": claim(shown)}
    spoken = state(claims={"cat": claim("either")}, people={"cat": TagPreference("add", T0, "Cat")})
    after, changes = read(spoken, *there)
    assert (changes, after.claims, after.people) == ([], {}, {"cat": TagPreference(shown, T0, "Cat", settled=True)})


def test_a_claim_about_a_tag_on_which_a_person_spoke_before_is_registered_like_any() -> None:
    known = state(claims={"cat": claim("remove", T0 + 1)}, people={"cat": TagPreference("add", T0, "Cat")})
    after, (change,) = read(known)
    assert change.removed == ("Cat",) and after.people == known.people
    registered = apply_person_edit(after, change)
    assert registered.people["cat"].want == "remove" and registered.claims == {}


@pytest.mark.parametrize("first", ["add", "remove"])
def test_of_two_changes_of_one_time_neither_wins_and_the_tag_is_protected_until_the_read(first: Op) -> None:
    second: Op = "remove" if first == "add" else "add"
    after = apply_person_edit(apply_person_edit(state(), told(first)), told(second))
    assert after.claims == {"cat": claim("either")}
    assert after.people == {"cat": TagPreference("add", T0, "Cat")}
    written = replace(after, writes={"Cat": Write("remove", T0, 100)})
    assert conflicting_writes(written) == {}
    assert conflicting_writes(replace(written, claims={})) == {"Cat": "add"}
    assert conflicting_writes(replace(written, claims={"cat": claim("add")})) == {"Cat": "add"}


@pytest.mark.parametrize(
    "change", [{"set_by_upload": True, "want": "remove"}, {"withdrawn": True}, {"settled": True}, {"at": T0 + 1}]
)
def test_what_is_decided_is_not_contradicted(change: dict[str, Any]) -> None:
    known = state(people={"cat": replace(TagPreference("add", T0, "Cat"), **change)})
    said: Op = "add" if change.get("want") == "remove" else "remove"
    assert apply_person_edit(known, told(said)) == known


def test_a_tag_that_an_upload_brought_contradicts_no_person_of_the_same_time() -> None:
    known = state(people={"cat": TagPreference("remove", T0, "Cat")})
    assert apply_person_edit(known, told("add"), set_by_upload=True) == known


def test_a_removal_that_is_told_late_ends_that_an_upload_brought_the_tag() -> None:
    known = state(people={"cat": TagPreference("add", T0, "Cat", set_by_upload=True)})
    assert apply_person_edit(known, told("remove", T0 - 1)).people == {"cat": TagPreference("remove", T0 - 1, "Cat")}
    assert apply_person_edit(known, told("add", T0 - 1)).people == known.people
    persons = state(people={"cat": TagPreference("add", T0, "Cat")})
    assert apply_person_edit(persons, told("remove", T0 - 1)).people == persons.people


ANSWER = TagPreference("remove", T0, "Cat", answer="0" * 12, after=T0 - 9)


@pytest.mark.parametrize(
    ("known", "at", "ends"),
    [
        (ANSWER, T0 - 1, True),
        (ANSWER, T0 - 8, True),
        (ANSWER, T0 - 9, False),  # it was known when the answer was given
        (replace(ANSWER, answer=""), T0 - 1, False),
    ],
)
def test_an_answer_ends_with_an_edit_before_it_that_was_not_known_then(
    known: TagPreference, at: int, ends: bool
) -> None:
    before = state(people={"cat": known})
    assert apply_person_edit(before, told("add", at)).people["cat"] == (
        TagPreference("add", at, "Cat") if ends else known
    )
    assert (claiming(before, told("add", at)).claims == {"cat": claim("add", at, by=JANE, digest=DIGEST)}) == ends
    read_at = replace(told("add", at), source=READ)
    assert (
        apply_person_edit(before, read_at).people["cat"] == known
    )  # a read that began before the answer tells nothing of it


def test_an_edit_at_the_time_of_an_answer_contradicts_it() -> None:
    assert apply_person_edit(state(people={"cat": ANSWER}), told("add", T0)).claims == {"cat": claim("either")}
