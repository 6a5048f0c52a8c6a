"""What a label had to reach is kept beside what a person says of its tag, under the rules that had decided on it."""

import pytest
from msgspec.structs import replace

from autotag.domain.model.labels import Categorization, Label
from autotag.domain.model.verdicts import Bar
from autotag.domain.review.bars import held_at, with_bars
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.domain.state.tag_ownership import ECHO_SLACK, apply_person_edit
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.review.judged_picture import RULES, VERSION, WRITTEN, added, edited, picture, removed
from tests.unit.domain.state.state_builders import GRANT, MINUTE, T0, claimed, facts

OTHERS = book("[defaults]\nthreshold = 0.2\n")


def bars(known: AssetState, key: str) -> dict[str, Bar]:
    return known.people[key].bars


def test_a_removal_keeps_the_bars_of_all_labels_of_its_tag() -> None:
    known = edited(picture(), removed("Dog"))
    assert bars(known, "dog") == {"dog": Bar(0.7, 0.5), "puppy": Bar(0.8, 0.5)}
    assert known.people["dog"].rules == VERSION[:12]


def test_an_addition_keeps_the_bar_that_its_label_did_not_reach() -> None:
    assert bars(edited(picture(), added("cat")), "cat") == {"cat": Bar(0.7, 0.5)}


def test_a_label_whose_own_threshold_is_below_the_review_bar_was_never_asked_about() -> None:
    assert bars(edited(picture(), removed("Wolf")), "wolf") == {"wolf": Bar(0.4)}


def test_the_bar_is_that_of_the_block_that_matched_the_asset() -> None:
    known = edited(picture(facts=facts(folder="zoo/a")), removed("Grass"))
    assert bars(known, "grass") == {"grass": Bar(0.9, 0.5)}


def test_a_review_bar_that_is_the_threshold_asks_nothing() -> None:
    rules = book("[defaults]\nthreshold = 0.5\nreview = 0.5\n")
    assert bars(edited(picture(rules_version=rules.version), removed("Dog"), rules), "dog")["dog"] == Bar(0.5)


def test_a_label_that_the_tag_stands_for_has_its_bar_whatever_tag_it_gives_now() -> None:
    assert bars(edited(picture(managed_tags={"Lawn": ("grass",)}), removed("Lawn")), "lawn") == {"grass": Bar(0.7, 0.5)}


def test_a_label_that_cannot_be_used_has_no_bar() -> None:
    broken = Categorization("complete", (Label("Dog", 0.95, "its confidence is not a number"),), T0)
    known = edited(replace(picture(), categorizations={"aws_rek_tagging": broken}), removed("Dog"))
    assert bars(known, "dog") == {}


def test_a_tag_is_meant_by_its_name_with_a_prefix_too() -> None:
    rules = book('[defaults]\nprefix = "auto:"\n')
    known = picture(rules_version=rules.version, managed_tags={"auto:Grass": ("grass",)})
    assert bars(edited(known, removed("auto:Grass"), rules), "auto:grass") == {"grass": Bar(0.7)}
    assert bars(edited(known, added("grass"), rules), "grass") == {"grass": Bar(0.7)}


@pytest.mark.parametrize("tag", ["holiday", "Person"])
def test_a_tag_that_no_label_gives_has_no_bar(tag: str) -> None:
    known = edited(picture(), added(tag))
    assert (bars(known, tag.lower()), known.people[tag.lower()].rules) == ({}, VERSION[:12])


def test_an_asset_without_labels_has_no_bars() -> None:
    known = edited(replace(picture(), categorizations={}), removed("Dog"))
    assert (bars(known, "dog"), known.people["dog"].rules) == ({}, VERSION[:12])


def test_an_asset_that_rules_skip_has_no_bars() -> None:
    skips = book('[[when]]\nfolder = "stage"\nskip = true\n')
    assert bars(edited(picture(rules_version=skips.version), removed("Dog"), skips), "dog") == {}


def test_under_rules_that_are_not_at_hand_only_their_version_is_kept() -> None:
    known = edited(picture(), removed("Dog"), OTHERS)
    assert (bars(known, "dog"), known.people["dog"].rules) == ({}, VERSION[:12])
    state = picture()
    after = apply_person_edit(state, removed("Dog"))
    assert with_bars(state, after, T0, held_at(state, T0, None)).people["dog"].rules == VERSION[:12]


def test_an_asset_that_was_never_decided_on_has_neither() -> None:
    known = edited(picture(rules_version="", final_at=0), removed("Dog"))
    assert (bars(known, "dog"), known.people["dog"].rules) == ({}, "")


def test_nothing_is_known_of_an_edit_of_an_older_picture() -> None:
    state = picture(final_at=0)
    of_then = replace(state, asset=replace(state.asset, version=T0 // 1000))
    assert edited(of_then, removed("Dog")).people["dog"].rules == VERSION[:12]
    newer = replace(state, asset=replace(state.asset, version=T0 // 1000 + 1))
    assert edited(newer, removed("Dog")).people["dog"].rules == ""


def test_an_edit_that_is_told_long_after_the_asset_was_decided_again_has_no_bar() -> None:
    late = edited(picture(final_at=T0 + ECHO_SLACK + 1), removed("Dog"))
    assert (late.people["dog"].rules, bars(late, "dog")) == ("", {})
    assert bars(edited(picture(final_at=T0 + ECHO_SLACK), removed("Dog")), "dog") != {}


def test_an_edit_told_long_after_a_claim_that_is_still_open_has_no_bar() -> None:
    waiting = claimed(picture(), RULES)
    assert edited(waiting, removed("Dog", at=GRANT.now - ECHO_SLACK)).people["dog"].rules == VERSION[:12]
    assert edited(waiting, removed("Dog", at=GRANT.now - ECHO_SLACK - 1)).people["dog"].rules == ""


def test_the_latest_preference_has_the_bar_of_its_own_time() -> None:
    known = edited(picture(), removed("Grass"))
    known = edited(replace(known, rules_version=OTHERS.version), added("Grass", at=T0 + MINUTE), OTHERS)
    assert bars(known, "grass") == {"grass": Bar(0.2)}


def test_an_older_edit_changes_nothing_of_a_preference_even_under_other_rules() -> None:
    known = edited(picture(), removed("Dog", at=T0 + MINUTE))
    later = replace(known, rules_version=OTHERS.version)
    assert edited(later, removed("Dog"), OTHERS) == later


def test_what_is_taken_back_in_the_same_answer_has_no_bar() -> None:
    state = picture()
    after = apply_person_edit(state, added("Cat"))
    after = replace(after, people=after.people | {"dog": TagPreference("remove", T0, "Dog", withdrawn=True)})
    known = with_bars(state, after, T0, held_at(state, T0, book(RULES)))
    assert (known.people["dog"].rules, known.people["cat"].rules) == ("", VERSION[:12])


def test_the_same_edit_again_changes_nothing_even_under_other_rules() -> None:
    once = edited(picture(), removed("Dog"))
    again = edited(replace(once, rules_version=OTHERS.version), removed("Dog"), OTHERS)
    assert again == replace(once, rules_version=OTHERS.version)


def test_an_edit_that_contradicts_another_of_its_time_keeps_the_bar_that_is_there() -> None:
    once = edited(picture(), removed("Dog"))
    both = edited(replace(once, rules_version=OTHERS.version), added("Dog"), OTHERS)
    assert both.people["dog"].want == "add" and bars(both, "dog") == bars(once, "dog")


def test_what_an_upload_sets_has_no_bar() -> None:
    state = picture()
    after = apply_person_edit(state, added("Cat", at=WRITTEN), set_by_upload=True)
    assert (after.people["cat"].bars, after.people["cat"].rules) == ({}, "")
