"""What a message changes in what is known of an asset: never anything younger than itself."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from autotag.domain.asset import AssetRef
from autotag.domain.labels import Categorization
from autotag.domain.merging import merge
from autotag.domain.message import Labelled
from autotag.domain.state import AssetState, Poll, Wish, Write
from tests.unit.domain.states import (
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


def known_after(*messages: Labelled) -> AssetState:
    merged: AssetState | None = None
    for each in messages:
        merged = merge(merged, each) or merged
    assert merged is not None
    return merged


def test_the_first_message_is_the_state() -> None:
    first = merge(None, message(complete(), seen=facts("press")))
    known = {REKOGNITION: complete()}
    seen = AssetState(REF, "pending", facts=facts("press"), categorizations=known)
    assert first == replace(seen, listed=REF.version, notified_at=T0)


def test_the_same_message_again_changes_nothing() -> None:
    first = message(complete(), seen=facts("press"))
    known = known_after(first)
    assert merge(known, first) == known


def test_an_older_version_is_stale() -> None:
    assert merge(state(), message(complete({"Cat": 0.9}), version=99, at=T0 + MINUTE)) is None


def test_a_newer_version_clears_labels_and_the_poll_and_keeps_people_and_writes() -> None:
    people = {"cat": Wish("remove", T0, "Cat")}
    known = state(
        people=people,
        writes={"Guitar": Write("add", T0, 1)},
        ours={"Guitar": ("guitar",), "Music": ("music",)},
        decided="100:x",
        poll=Poll(T0, 3, T0),
        rules_seq=4,
        rev=7,
    )
    merged = merge(known, message(pending(T0 + 1), version=101, at=T0 + 1, seen=facts("press", "Music", at=T0 + 1)))
    assert merged is not None
    assert merged.categorizations == {REKOGNITION: pending(T0 + 1)}
    assert (merged.writes, merged.decided, merged.poll) == (known.writes, "", None)
    brought = {"music": Wish("add", T0 + 1, "Music", ("music",), brought=True)}
    assert (merged.people, merged.rules_seq, merged.rev) == ({**people, **brought}, 4, 7)
    assert merged.asset == replace(REF, version=101) and merged.facts == facts("press", "Music", at=T0 + 1)
    assert merged.ours == {"Guitar": ("guitar",)}  # the upload itself set Music: theirs


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
    other = Labelled(REF, {"google_tagging": pending()}, T0, SOURCE)
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
    merged = merge(state(), message(complete(), resource_type="", type="", public_id="stage/renamed"))
    assert merged is not None
    assert merged.asset == AssetRef("a1", "stage/renamed", "image", "upload", 100)


def test_an_asset_that_is_gone_stays_gone_for_messages_from_before() -> None:
    known = state(status="gone", final_at=T0 + 10, decided="100:x")
    assert merge(known, message(complete(), at=T0 + 10)) is None
    assert merge(known, message(complete(), at=T0 + 5, version=101)) is None
    merged = merge(known, message(complete(at=T0 + 20), at=T0 + 20))
    assert merged is not None and merged.decided == ""


def test_a_person_who_came_before_the_upload_is_remembered() -> None:
    known = AssetState(replace(REF, version=0), "skipped", people={"guitar": Wish("remove", T0, "Guitar")})
    merged = merge(known, message(complete(), seen=facts("press")))
    assert merged is not None
    assert merged.people == known.people and merged.facts == facts("press") and merged.asset == REF


def test_an_open_intent_is_kept() -> None:
    known = claimed(state())
    merged = merge(known, message(complete({"Cat": 0.9}, T0 + 1), version=101, at=T0 + 1))
    assert merged is not None and merged.intent == known.intent
