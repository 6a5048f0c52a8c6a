"""What a message changes in what is known of an asset: never anything younger than itself."""

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization
from autotag.domain.model.messages import LabelsObserved
from autotag.domain.state.asset_state import AssetState, Poll, TagPreference, Write
from autotag.domain.state.merge import merge
from tests.unit.domain.state.state_builders import (
    MINUTE,
    REF,
    REKOGNITION,
    SOURCE,
    T0,
    claimed,
    complete,
    facts,
    failed,
    message,
    pending,
    state,
)


def known_after(*messages: LabelsObserved) -> AssetState:
    merged: AssetState | None = None
    for each in messages:
        merged = merge(merged, each) or merged
    assert merged is not None
    return merged


def test_the_first_message_is_the_state() -> None:
    first = merge(None, message(complete(), seen=facts("press")))
    known = {REKOGNITION: complete()}
    seen = AssetState(REF, "pending", facts=facts("press"), categorizations=known)
    assert first is not None and first.seen
    assert first == replace(seen, listed=T0, notified_at=T0, seen=first.seen)


def test_the_same_message_again_changes_nothing() -> None:
    first = message(complete(), seen=facts("press"))
    known = known_after(first)
    assert merge(known, first) == known


def test_an_older_version_is_stale() -> None:
    assert merge(state(), message(complete({"Cat": 0.9}), version=99, at=T0 + MINUTE)) is None


def test_a_newer_version_clears_labels_and_the_poll_and_keeps_people_and_writes() -> None:
    people = {"cat": TagPreference("remove", T0, "Cat")}
    known = state(
        people=people,
        writes={"Guitar": Write("add", T0, 1)},
        managed_tags={"Guitar": ("guitar",), "Music": ("music",)},
        decided="100:x",
        poll=Poll(T0, 3, T0),
        rules_seq=4,
        rev=7,
    )
    merged = merge(known, message(pending(T0 + 1), version=101, at=T0 + 1, seen=facts("press", "Music", at=T0 + 1)))
    assert merged is not None
    assert merged.categorizations == {REKOGNITION: pending(T0 + 1)}
    assert (merged.writes, merged.decided, merged.poll) == (known.writes, "", None)
    set_by_upload = {"music": TagPreference("add", T0 + 1, "Music", ("music",), set_by_upload=True)}
    assert (merged.people, merged.rules_seq, merged.rev) == ({**people, **set_by_upload}, 4, 7)
    assert merged.asset == replace(REF, version=101) and merged.facts == facts("press", "Music", at=T0 + 1)
    assert merged.managed_tags == {"Guitar": ("guitar",)}  # the upload itself set Music: theirs


def test_labels_of_a_newer_version_say_nothing_of_its_tags_and_folder() -> None:
    """They came before their upload; the older version's facts are not this one's."""
    merged = merge(state(facts=facts("press")), message(complete(at=T0 + 1), version=101, at=T0 + 1))
    assert merged is not None and merged.facts is None


@pytest.mark.parametrize(
    ("known", "found", "stays"),
    [
        (pending(5), pending(6), False),
        (pending(5), pending(4), True),
        (pending(5), complete(at=6), False),
        (pending(5), complete(at=4), False),
        (pending(5), failed(6), False),
        (pending(5), failed(4), False),
        (complete(at=5), pending(6), True),
        (complete(at=5), failed(6), True),
        (complete(at=5), complete({"Cat": 0.9}, 4), True),
        (complete(at=5), complete({"Cat": 0.9}, 6), False),
        (failed(5), pending(6), True),
        (failed(5), complete(at=6), False),
        (failed(5), failed(6, "again"), False),
        (failed(5), failed(4, "before"), True),
    ],
)
def test_what_is_known_never_goes_back(known: Categorization, found: Categorization, stays: bool) -> None:
    merged = merge(state(known), message(found))
    assert merged is not None
    assert merged.categorizations == {REKOGNITION: known if stays else found}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_one_pending_one_failed_one_complete_end_complete_in_any_order(order: tuple[int, ...]) -> None:
    found = [pending(T0), complete(at=T0 + 1), failed(T0 + 2)]
    merged = known_after(*(message(found[i], at=found[i].observed_at) for i in order))
    assert merged.categorizations == {REKOGNITION: complete(at=T0 + 1)}


def test_providers_are_known_side_by_side() -> None:
    other = LabelsObserved(REF, {"google_tagging": pending()}, T0, SOURCE)
    merged = merge(state(), other)
    assert merged is not None
    assert merged.categorizations == {REKOGNITION: complete(), "google_tagging": pending()}


def test_facts_are_the_youngest_and_survive_a_message_without() -> None:
    known = state(facts=facts("press", at=T0))
    for seen, expected in (
        (None, facts("press", at=T0)),
        (facts("old", at=T0 - 1), facts("press", at=T0)),
        (facts("new", at=T0 + 1), facts("new", at=T0 + 1)),
    ):
        merged = merge(known, message(seen=seen))
        assert merged is not None and merged.facts == expected


def test_facts_from_before_our_removal_do_not_bring_the_tag_back_as_theirs() -> None:
    known = state(facts=facts(at=T0), writes={"Music": Write("remove", T0 + 10, 1), "Guitar": Write("add", T0 + 10, 1)})
    merged = merge(known, message(seen=facts("Music", "press", at=T0 + 5)))
    assert merged is not None and merged.facts == facts("press", at=T0 + 5)
    merged = merge(known, message(seen=facts("Music", "press", at=T0 + 15)))
    assert merged is not None and merged.facts == facts("Music", "press", at=T0 + 15)


def test_types_that_a_message_does_not_tell_are_kept() -> None:
    merged = merge(state(), message(complete(), at=T0 + 1, resource_type="", type="", public_id="stage/renamed"))
    assert merged is not None
    assert merged.asset == AssetRef("a1", "stage/renamed", "image", "upload", 100)


def test_an_asset_that_is_gone_stays_gone_for_messages_from_before() -> None:
    known = state(status="gone", final_at=T0 + 10, decided="100:x")
    assert merge(known, message(complete(), at=T0 + 10)) is None
    assert merge(known, message(complete(), at=T0 + 5, version=101)) is None
    merged = merge(known, message(complete(at=T0 + 20), at=T0 + 20))
    assert merged is not None and merged.decided == ""


def test_a_person_who_came_before_the_upload_is_remembered() -> None:
    known = AssetState(replace(REF, version=0), "skipped", people={"guitar": TagPreference("remove", T0, "Guitar")})
    merged = merge(known, message(complete(), seen=facts("press")))
    assert merged is not None
    assert merged.people == known.people and merged.facts == facts("press") and merged.asset == REF


def test_an_open_intent_is_kept() -> None:
    known = claimed(state())
    merged = merge(known, message(complete({"Cat": 0.9}, T0 + 1), version=101, at=T0 + 1))
    assert merged is not None and merged.intent == known.intent


def test_a_message_that_tells_the_types_is_believed() -> None:
    merged = merge(state(asset=replace(REF, resource_type="", type="")), message(complete()))
    assert merged is not None and merged.asset == REF


def test_two_answers_of_one_time_end_alike_in_either_order() -> None:
    said = [message(complete({"Cat": 0.9})), message(complete({"Dog": 0.9}))]
    assert known_after(*said).categorizations == known_after(*reversed(said)).categorizations
    seen = [message(seen=facts("a")), message(seen=facts("b"))]
    assert known_after(*seen).facts == known_after(*reversed(seen)).facts
    turned = [replace(facts(), context={"a": "1", "b": "2"}), replace(facts(), context={"b": "2", "a": "1"})]
    assert known_after(*(message(seen=each) for each in turned)).facts == facts_with(turned[0].context)


def facts_with(context: dict[str, str]) -> Facts:
    return replace(facts(), context=context)


@pytest.mark.parametrize(
    ("told_at", "name", "folder"),
    [(T0, "stage/b", "b"), (T0 + 1, "stage/b", "b"), (T0 + 2, "stage/guitarist", "stage")],
)
def test_a_name_stays_over_a_message_from_before_it(told_at: int, name: str, folder: str) -> None:
    named = state(asset=replace(REF, public_id="stage/b"), named_at=T0 + 1, facts=facts(folder="b"))
    merged = merge(named, message(complete(), at=told_at, seen=facts("press", at=told_at)))
    assert merged is not None and merged.facts is not None
    assert (merged.asset.public_id, merged.facts.folder) == (name, folder)


def test_an_older_message_without_facts_does_not_bring_an_older_name_back() -> None:
    seen = state(asset=replace(REF, public_id="stage/b"), facts=facts(at=T0 + 1))
    merged = merge(seen, message(complete(), at=T0))
    assert merged is not None and merged.asset.public_id == "stage/b"
    newer = merge(seen, message(complete(), at=T0, version=101))
    assert newer is not None and newer.asset.public_id == "stage/guitarist"
    nameless = merge(replace(seen, facts=None, named_at=T0), message(complete(), at=T0))
    assert nameless is not None and (nameless.asset.public_id, nameless.facts) == ("stage/b", None)


DELETED: dict[str, Any] = {"status": "gone", "final_at": T0, "decided": "100:x"}


@pytest.mark.parametrize(
    ("written", "people", "version", "managed_tags"),
    [
        ({"Guitar": Write("add", T0, 100)}, {}, 100, {"Guitar": ()}),
        ({"Guitar": Write("remove", T0, 100)}, {}, 100, {}),
        ({}, {}, 100, {}),
        ({"Guitar": Write("add", T0, 100)}, {"guitar": TagPreference("remove", T0, "Guitar")}, 100, {}),
        ({"Guitar": Write("add", T0, 100)}, {}, 101, {}),  # a newer upload set it itself
    ],
    ids=["we added it", "we took it off", "it is a person's", "a person spoke", "another version"],
)
def test_of_an_asset_that_came_back_the_tags_that_we_had_added_are_ours_again(
    written: dict[str, Write], people: dict[str, TagPreference], version: int, managed_tags: dict[str, tuple[str, ...]]
) -> None:
    known = state(**DELETED, writes=written, people=people)
    told = message(version=version, at=T0 + 1, seen=facts("Guitar", "press", at=T0 + 1))
    back = merge(known, told)
    assert back is not None and back.managed_tags == managed_tags
    assert (back.status, back.decided, back.restored_at) == ("pending", "", T0 + 1)


def test_of_an_asset_that_came_back_what_is_known_to_be_ours_keeps_its_labels() -> None:
    known = state(status="tagged", deleted_at=T0, decided="x", managed_tags={"Guitar": ("guitar",)})
    known = replace(known, writes={"Guitar": Write("add", T0 - 1, 100), "Drum": Write("add", T0 - 1, 100)})
    back = merge(known, message(at=T0 + 1, seen=facts("Guitar", "Drum", at=T0 + 1)))
    assert back is not None
    assert (back.status, back.managed_tags) == ("tagged", {"Guitar": ("guitar",), "Drum": ()})
    unseen = merge(known, message(at=T0 + 1))
    assert unseen is not None and unseen.managed_tags == {"Guitar": ("guitar",), "Drum": ()}  # nothing says otherwise
    fewer = merge(known, message(at=T0 + 1, seen=facts("Drum", at=T0 + 1)))
    assert fewer is not None and fewer.managed_tags == {"Drum": ()}


def test_labels_of_a_newer_version_from_before_a_rename_leave_the_name() -> None:
    named = state(asset=replace(REF, public_id="stage/b"), named_at=T0 + 1)
    merged = merge(named, message(complete(), version=101))
    assert merged is not None and (merged.asset.public_id, merged.facts) == ("stage/b", None)
