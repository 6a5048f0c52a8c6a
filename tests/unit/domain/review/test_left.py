"""Which tags count as seen and left there by a person who changed another tag of the asset."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.verdicts import Bar, Left
from autotag.domain.state.asset_state import Assigned, Write
from autotag.domain.state.tag_ownership import ECHO_SLACK
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.review.judged_picture import (
    LABELS,
    MANAGED,
    RULES,
    VERSION,
    WRITTEN,
    added,
    edited,
    picture,
    removed,
)
from tests.unit.domain.state.state_builders import MINUTE, T0, claimed, complete, facts

GRASS = Left(T0, VERSION[:12], Bar(0.7, 0.5))
WOLF = Left(T0, VERSION[:12], Bar(0.4))


def test_a_person_who_removes_a_managed_tag_leaves_the_others() -> None:
    assert edited(picture(), removed("Dog")).left == {"grass": GRASS, "wolf": WOLF}


@pytest.mark.parametrize("tag", ["Cat", "cat", "CAT"])
def test_a_person_who_adds_a_tag_that_a_label_gives_leaves_the_managed_ones(tag: str) -> None:
    left = edited(picture(), added(tag)).left
    assert left.keys() == {"dog", "puppy", "grass", "wolf"}
    assert left["puppy"].bar == Bar(0.8, 0.5), "each label of a tag has its own bar"


@pytest.mark.parametrize("tag", ["holiday", "Person"])
def test_a_keyword_that_no_label_gives_says_nothing_of_the_others(tag: str) -> None:
    assert edited(picture(), added(tag)).left == {}
    assert edited(picture(facts=facts(tag)), removed(tag)).left == {}


def test_a_managed_tag_that_no_label_gives_counts_once_it_is_removed() -> None:
    known = picture(managed_tags=MANAGED | {"Pet": ("pet",)})
    assert edited(known, removed("Pet")).left.keys() == {"dog", "puppy", "grass", "wolf"}
    assert edited(known, added("Pet")).left == {}


def test_what_the_edit_is_about_was_not_left() -> None:
    both = replace(removed("Dog"), added=("grass",))
    assert edited(picture(), both).left.keys() == {"wolf"}


def test_a_tag_that_was_written_after_the_edit_was_not_seen() -> None:
    writes = {tag: Write("add", WRITTEN, 100) for tag in MANAGED} | {"Wolf": Write("add", T0, 100)}
    assert edited(picture(writes=writes), removed("Dog")).left == {"grass": GRASS}
    assert edited(picture(writes={}), removed("Dog")).left == {}
    writes["Grass"] = Write("remove", WRITTEN, 100)
    assert edited(picture(writes=writes), removed("Dog")).left == {}


def test_only_labels_that_reached_their_threshold_were_given() -> None:
    known = replace(picture(), categorizations={"aws_rek_tagging": complete(LABELS | {"Grass": 0.69})})
    assert edited(known, removed("Dog")).left == {"wolf": WOLF}


def test_a_label_that_a_person_removed_by_another_tag_was_not_left() -> None:
    """They removed a tag that stood for grass, which another tag of ours stands for, too."""
    known = picture(managed_tags=MANAGED | {"Lawn": ("grass", "lawn")})
    assert edited(known, removed("Lawn")).left.keys() == {"dog", "puppy", "wolf"}


def test_a_tag_of_a_person_is_not_managed_and_not_left() -> None:
    known = edited(picture(), added("grass"))
    assert edited(known, removed("Dog", at=T0 + 1)).left.keys() == {"dog", "puppy", "wolf"}
    assert edited(known, removed("Dog", at=T0 + 1)).left["wolf"].at == T0 + 1


def test_a_tag_that_went_with_an_older_picture_was_not_left() -> None:
    state = picture(facts=facts("Dog", "Grass", at=T0 - 1))
    writes = {tag: Write("add", WRITTEN, 99) for tag in MANAGED}
    assert edited(replace(state, writes=writes), removed("Dog")).left == {"grass": GRASS}


def test_the_latest_time_counts_whatever_comes_first() -> None:
    known = edited(picture(), removed("Dog"))
    later = edited(known, added("Cat", at=T0 + MINUTE))
    assert later.left["grass"].at == T0 + MINUTE
    other = edited(edited(picture(), added("Cat", at=T0 + MINUTE)), removed("Dog"))
    assert other.left["grass"] == later.left["grass"]


def test_a_removal_that_comes_later_leaves_what_was_known_for_its_reader_to_compare() -> None:
    known = edited(edited(picture(), removed("Dog")), removed("Grass", at=T0 + 1))
    assert known.left["grass"] == GRASS and known.people["grass"].at == T0 + 1


def test_the_same_edit_again_leaves_nothing_anew() -> None:
    once = edited(picture(), removed("Dog"))
    more = replace(once, managed_tags=once.managed_tags | {"Cat": ("cat",)})
    assert edited(more, removed("Dog")) == more


def test_the_same_edit_again_does_not_find_tags_that_became_managed_since() -> None:
    once = edited(picture(managed_tags={"Dog": ("dog",)}), removed("Dog"))
    more = replace(once, managed_tags={"Grass": ("grass",)})
    assert edited(more, removed("Dog")) == more and more.left == {}


def test_an_edit_that_is_known_to_be_over_leaves_nothing() -> None:
    known = edited(picture(final_at=T0 + MINUTE + ECHO_SLACK + 1), removed("Dog", at=T0 + MINUTE))
    known = replace(known, final_at=WRITTEN)
    assert edited(known, added("Dog")).left == known.left == {}


def test_a_tag_that_cloudinary_assigned_since_the_edit_is_not_what_the_edit_left() -> None:
    known = picture(assigned={"grass": Assigned(T0 + 1, alone=False)})
    assert edited(known, replace(removed("Dog"), added=("grass",))).left.keys() == {"wolf"}


@pytest.mark.parametrize(
    "fields",
    [
        {"final_at": T0 + ECHO_SLACK + 1},
        {"rules_version": ""},
        {"rules_version": "f" * 64},
        {"categorizations": {}},
    ],
    ids=["told late", "never decided", "rules not at hand", "no labels"],
)
def test_without_the_bar_that_held_nothing_is_known_to_be_left(fields: dict[str, object]) -> None:
    assert edited(replace(picture(), **fields), removed("Dog")).left == {}


def test_an_edit_of_an_older_picture_says_nothing_of_this_ones_tags() -> None:
    state = picture(final_at=0)
    newer = replace(state, asset=replace(state.asset, version=T0 // 1000 + 1))
    assert edited(newer, removed("Dog")).left == {}


def test_a_tag_that_is_just_being_added_is_managed_but_was_not_seen() -> None:
    waiting = claimed(picture(managed_tags={"Grass": ("grass",)}, final_at=0), RULES)
    assert edited(waiting, removed("Dog", at=T0 + MINUTE)).left.keys() == {"grass"}


def test_rules_that_skip_the_asset_leave_no_trace() -> None:
    skips = book('[[when]]\nfolder = "stage"\nskip = true\n')
    assert edited(picture(rules_version=skips.version), removed("Dog"), skips).left == {}
