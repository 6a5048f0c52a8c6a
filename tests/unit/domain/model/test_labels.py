"""Categorization data in every shape that Cloudinary was seen to answer, and the faults of single entries."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.model.labels import (
    FORBIDDEN_CHARACTERS,
    Categorization,
    Label,
    can_label,
    parse_categorization,
    why_unwritable,
)

AT = 1_791_460_800_000


def complete(data: object) -> tuple[Label, ...]:
    found = parse_categorization("complete", data, AT)
    assert (found.status, found.observed_at, found.error) == ("complete", AT, "")
    return found.labels


def only(entry: object) -> Label:
    (label,) = complete([entry])
    return label


def test_shape_1_a_flat_list() -> None:
    data = [{"tag": "Plant", "confidence": 0.9326}, {"tag": "Lily family", "confidence": 0.2636}]
    assert complete(data) == (Label("Plant", 0.9326), Label("Lily family", 0.2636))


def test_shape_2_a_list_inside_a_list() -> None:
    data = [[{"tag": "People", "confidence": 0.9922}], [{"tag": "Guitar", "confidence": 0.7046}]]
    assert complete(data) == (Label("People", 0.9922), Label("Guitar", 0.7046))
    mixed = [[{"tag": "People", "confidence": 0.9922}], {"tag": "Guitar", "confidence": 0.7046}]
    assert complete(mixed) == complete(data)


@pytest.mark.parametrize("status", ["failed", "complete"])
def test_shape_3_a_string_is_the_text_of_the_failure(status: str) -> None:
    found = parse_categorization(status, "Failed to process request", AT)
    assert found == Categorization("failed", observed_at=AT, error="Failed to process request")


@pytest.mark.parametrize("status", ["complete", "pending", "processing"])
def test_shape_4_absent_means_not_ready(status: str) -> None:
    assert parse_categorization(status, None, AT) == Categorization("pending", observed_at=AT)


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ({"en": "cat"}, "cat"),
        ({"de": "Katze", "en": "cat"}, "cat"),
        ({"fr": "chat", "de": "Katze"}, "Katze"),
        ({"en": "", "fr": "chat"}, "chat"),
        ({"en": 7, "fr": "chat"}, "chat"),
        ({"en": " ", "de": " Die  Katze "}, "Die Katze"),
    ],
)
def test_shape_5_a_tag_by_locale_is_english_else_the_first_locale(tag: object, name: str) -> None:
    assert only({"tag": tag, "confidence": 0.5}) == Label(name, 0.5)


def test_shape_6_a_video_item_has_more_fields_and_may_repeat() -> None:
    item = {
        "tag": "Cat",
        "confidence": 0.8712345,
        "categories": ["animal"],
        "start_time_offset": 0.0,
        "end_time_offset": 3.2,
        "shot_level": True,
    }
    assert complete([item, {**item, "confidence": 0.9}]) == (Label("Cat", 0.8712345), Label("Cat", 0.9))


def test_no_labels_at_all_are_an_answer() -> None:
    assert complete([]) == () == complete([[]])


@pytest.mark.parametrize("data", [None, [], [{"tag": "Cat", "confidence": 0.9}], "text", {}])
@pytest.mark.parametrize("status", ["pending", "processing", "Complete", "completed", "success", "", None, True, 1, []])
def test_any_other_word_is_not_success(status: object, data: object) -> None:
    assert parse_categorization(status, data, AT) == Categorization("pending", observed_at=AT)


@pytest.mark.parametrize("data", [None, [], {}, 7, [{"tag": "Cat", "confidence": 0.9}], ""])
def test_a_failure_without_a_text_is_a_failure(data: object) -> None:
    assert parse_categorization("failed", data, AT) == Categorization("failed", observed_at=AT, error="no reason given")


@pytest.mark.parametrize(("data", "kind"), [({}, "an object"), (7, "a number"), (True, "a boolean"), (0.5, "a number")])
def test_data_of_another_kind_is_a_failure_that_says_so(data: object, kind: str) -> None:
    found = parse_categorization("complete", data, AT)
    assert (found.status, found.error) == ("failed", f"data is {kind}, not a list")


@pytest.mark.parametrize("confidence", [0, 0.0, -0.0, 1, 1.0, 0.2636])
def test_confidence_within_its_bounds_is_kept_as_it_is(confidence: float) -> None:
    label = only({"tag": "Cat", "confidence": confidence})
    assert label == Label("Cat", float(confidence)) and not label.fault


@pytest.mark.parametrize("confidence", [46.18, 100, 1.0000001, -0.0001, -1, 10**30])
def test_confidence_outside_its_bounds_is_a_fault(confidence: float) -> None:
    """Moderation uses 0-100: such a number must never pass for certainty."""
    label = only({"tag": "Cat", "confidence": confidence})
    assert label.confidence == 0 and "outside 0" in label.fault


@pytest.mark.parametrize("confidence", ["0.9", None, True, [], {}])
def test_confidence_that_is_no_number_is_a_fault(confidence: object) -> None:
    label = only({"tag": "Cat", "confidence": confidence})
    assert label == Label("Cat", 0.0, "data[0].confidence is not a number")


def test_a_missing_confidence_is_a_fault_of_its_entry_alone() -> None:
    good, bad = complete([[{"tag": "Cat", "confidence": 0.9}, {"tag": "Dog"}]])
    assert good == Label("Cat", 0.9) and bad.fault.startswith("data[0][1].confidence")


@pytest.mark.parametrize("tag", [None, "", "  ", 7, [], {}, {"en": ""}])
def test_an_entry_without_a_name_is_a_fault(tag: object) -> None:
    assert only({"tag": tag, "confidence": 0.9}) == Label("", 0.0, "data[0].tag holds no name")


@pytest.mark.parametrize(("entry", "kind"), [("Cat", "str"), (7, "int"), (None, "NoneType")])
def test_an_entry_that_is_no_object_is_a_fault(entry: object, kind: str) -> None:
    label = only(entry)
    assert label.name == "" and f"data[0] is {kind}" in label.fault


def test_a_name_that_no_tag_may_have_is_no_fault_of_the_entry_for_a_rule_may_rename_it() -> None:
    for name in ("Cat, black", "é" * 256, "a\x07b"):
        assert only({"tag": name, "confidence": 0.9}) == Label(name, 0.9)


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("Cat, black", "a tag may hold no comma"),
        ("é" * 256, "the tag would have more than 255 characters"),
        ("a\x07b", "a tag may not hold the character U+0007"),
        ("a\x85b", "a tag may not hold the character U+0085"),
        ("a\u200bb", "a tag may not hold the character U+200B"),
        ("\ufeffa", "a tag may not hold the character U+FEFF"),
        ("a\u202eb", "a tag may not hold the character U+202E"),
        ("a\xad", "a tag may not hold the character U+00AD"),
    ],
)
def test_a_tag_that_cannot_be_written_says_why(tag: str, reason: str) -> None:
    assert why_unwritable(tag) == reason


@pytest.mark.parametrize("tag", ["é" * 255, "क्\u200cष", "👩\u200d🎤", "Viceroy (butterfly)", "猫"])
def test_joiners_are_part_of_words_and_emoji(tag: str) -> None:
    assert why_unwritable(tag) == ""


def test_the_characters_that_no_tag_may_hold_are_control_or_format_characters_or_break_lines() -> None:
    refused = {chr(code) for code in range(0x10000) if re.match(f"[{FORBIDDEN_CHARACTERS}]", chr(code))}
    assert {unicodedata.category(character) for character in refused} <= {"Cc", "Cf", "Zl", "Zp", "Cn"}
    assert {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x200B, 0x2060, 0xFEFF)} <= refused


@pytest.mark.parametrize("name", ["Viceroy (butterfly)", "T-Shirt", "Rock 'n' Roll", "Café", "猫"])
def test_names_keep_their_spelling(name: str) -> None:
    assert only({"tag": f"  {name} ", "confidence": 0.9}).name == name


ENTRY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["tag", "confidence", "en", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(status=st.sampled_from(["complete", "failed", "pending", "x"]) | ENTRY, data=ENTRY)
def test_whatever_is_answered_can_be_read(status: Any, data: Any) -> None:
    found = parse_categorization(status, data, AT)
    assert found.status in ("complete", "pending", "failed")
    assert all(0 <= label.confidence <= 1 for label in found.labels)
    assert all(label.fault or label.name for label in found.labels)
    assert (found.status == "failed") == bool(found.error)


@pytest.mark.parametrize(
    ("provider", "resource_type", "looks"),
    [
        ("aws_rek_tagging", "image", True),
        ("aws_rek_tagging", "video", False),
        ("google_video_tagging", "video", True),
        ("google_video_tagging", "image", False),
        ("google_video_tagging", None, True),
        ("aws_rek_tagging", None, True),
    ],
)
def test_an_add_on_looks_at_images_or_at_videos_and_at_what_is_of_no_known_type(
    provider: str, resource_type: str | None, looks: bool
) -> None:
    assert can_label(provider, resource_type) is looks
