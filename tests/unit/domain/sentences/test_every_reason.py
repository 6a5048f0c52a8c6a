"""Every outcome of a label with every reason that the engine gives, and the sentence about it."""

from typing import get_args

import pytest

from autotag.domain.model.labels import parse_categorization
from autotag.domain.model.outcome import PRESENT, SUPPRESSED, LabelOutcome, OutcomeKind
from autotag.domain.sentences.labels import LabelContext, explain_label
from tests.unit.domain.sentences.plain_words import bold_names, checked

R = "aws_rek_tagging"
ADA = "arn:aws:sts::123456789012:assumed-role/team/ada"
DEFAULT, OWN = "defaults.threshold", 'labels."Electric Guitar".threshold'
BLOCK, UNNAMED = 'when[1] "zoo".set.threshold', "when[2].set.threshold"
IN_BLOCK = 'when[2] "zoo".labels."Koala".threshold'
PARENT, ADD, CAP = 'labels."Guitar".parents', 'when[1] "stage".add', "defaults.max_tags"
OUTSIDE = "data[0][2].confidence is 3, outside 0 to 1"

SENTENCES: list[tuple[LabelOutcome, str, str]] = [
    (
        LabelOutcome("Electric Guitar", R, 0.7046, "kept", "guitar", 0.6, OWN),
        "guitar is a tag because Electric Guitar 0.7046 reaches the 0.60 that the rule for Electric Guitar asks for.",
        OWN,
    ),
    (
        LabelOutcome("Guitar", R, 0.7, "kept", "Guitar", 0.7, DEFAULT),
        "Guitar is a tag because its confidence 0.70 reaches the 0.70 that the rules ask for.",
        DEFAULT,
    ),
    (
        LabelOutcome("Bear", R, 0.95, "kept", "Bear", 0.9, BLOCK),
        'Bear is a tag because its confidence 0.95 reaches the 0.90 that the block "zoo" asks for.',
        BLOCK,
    ),
    (
        LabelOutcome("Bear", R, 0.95, "kept", "Bear", 0.9, UNNAMED),
        "Bear is a tag because its confidence 0.95 reaches the 0.90 that block 2 asks for.",
        UNNAMED,
    ),
    (
        LabelOutcome("Koala", R, 0.55, "kept", "Koala", 0.5, IN_BLOCK),
        'Koala is a tag because its confidence 0.55 reaches the 0.50 that the rule for Koala in the block "zoo" asks '
        "for.",
        IN_BLOCK,
    ),
    (
        LabelOutcome("Guitar", R, 0.71, "kept", "Guitar", 0.7, f"{DEFAULT}, and {PARENT} at 0.95"),
        "Guitar is a tag because its confidence 0.71 reaches the 0.70 that the rules ask for; the rule for Guitar "
        "gives it too.",
        DEFAULT,
    ),
    (
        LabelOutcome("Guitar", R, 0.61, "kept", "guitar", 0.7, f"accepted by {ADA}"),
        "guitar is a tag because ada (team) accepted it.",
        "",
    ),
    (
        LabelOutcome("Guitar", R, 0.61, "kept", "guitar", 0.7, f"taken back by {ADA}"),
        "guitar is a tag again because ada (team) took the rejection back.",
        "",
    ),
    (
        LabelOutcome("music", None, 0.9, "parent", "auto:music", None, PARENT),
        "auto:music is a tag because the rule for Guitar gives it as a parent.",
        PARENT,
    ),
    (
        LabelOutcome("music", None, 1.0, "parent", "music", None, f"{PARENT}, and {ADD} at 1"),
        'music is a tag because the rule for Guitar gives it as a parent, and the block "stage" adds it too.',
        PARENT,
    ),
    (
        LabelOutcome("concert", None, 1.0, "added", "concert", None, ADD),
        'concert is a tag because the block "stage" adds it.',
        ADD,
    ),
    (
        LabelOutcome("Person", R, 0.9922, "merged", "people", 0.7, '"People" at 0.9922 gives the same tag'),
        "Person 0.9922 gives no tag of its own because People 0.9922 gives the same tag, people.",
        "",
    ),
    (
        LabelOutcome("Axe", R, 0.55, "given", "guitar", 0.7, '"guitar" is given by "Guitar" already'),
        "Axe 0.55 raises no question because Guitar gives the tag guitar already.",
        "",
    ),
    (
        LabelOutcome("Axe", R, 0.55, "given", "music", 0.7, f'"music" is given by {PARENT} already'),
        "Axe 0.55 raises no question because the rule for Guitar gives the tag music already.",
        PARENT,
    ),
    (
        LabelOutcome("Musician", R, 0.5754, "review", "musician", 0.7, "defaults.review"),
        "A person is asked about musician because Musician 0.5754 is below the threshold of 0.70, but high enough for "
        "review.",
        "defaults.review",
    ),
    (
        LabelOutcome("Musician", R, 0.5754, "review", "Musician", 0.7, f"taken back by {ADA}"),
        "A person is asked about Musician again because ada (team) took the answer back.",
        "",
    ),
    (
        LabelOutcome("Drum", R, 0.48, "below_threshold", None, 0.7, DEFAULT),
        "Drum is no tag because its confidence 0.48 is below the 0.70 that the rules ask for.",
        DEFAULT,
    ),
    (
        LabelOutcome("Human", R, 0.99, "denied", None, 0.7, "defaults.deny"),
        "Human is no tag because the deny list of the rules holds it or its tag.",
        "defaults.deny",
    ),
    (
        LabelOutcome("Light", R, 0.99, "not_allowed", None, 0.7, "defaults.allow"),
        "Light is no tag because the allow list of the rules does not hold it.",
        "defaults.allow",
    ),
    (
        LabelOutcome("Amp", R, 0.9, "over_max", "amplifier", 0.7, CAP),
        "amplifier, from Amp 0.90, is no tag because others came first, and the rules allow no more tags.",
        CAP,
    ),
    (
        LabelOutcome("music", None, 0.9, "over_max", "auto:music", None, 'when[1] "zoo".set.max_tags'),
        'auto:music is no tag because others came first, and the block "zoo" allows no more tags.',
        'when[1] "zoo".set.max_tags',
    ),
    (
        LabelOutcome("Baby", R, 0.99, "suppressed", "Baby", 0.7, SUPPRESSED),
        "Baby is no tag because a person removed it from this picture.",
        "",
    ),
    (
        LabelOutcome("Baby", R, 0.99, "suppressed", "infant", 0.7, SUPPRESSED),
        "infant, from Baby 0.99, is no tag because a person removed it from this picture, under this or another name.",
        "",
    ),
    (
        LabelOutcome("Baby", R, 0.6, "suppressed", "Baby", 0.7, f"rejected by {ADA}"),
        "Baby is no tag because ada (team) rejected it.",
        "",
    ),
    (
        LabelOutcome("Press", R, 0.8, "present", "Press", 0.7, PRESENT),
        "Press was on the picture already: a person, an upload or Cloudinary put it there. autotag leaves it alone.",
        "",
    ),
    (
        LabelOutcome("Cat, black", R, 0.8, "invalid", None, 0.7, "a tag may hold no comma"),
        "Cat, black is no tag because a tag may hold no comma.",
        "",
    ),
    (
        LabelOutcome("Guitar", R, 0.0, "invalid", None, 0.7, OUTSIDE),
        "Guitar is no tag because its confidence is 3, outside 0 to 1.",
        "",
    ),
]


@pytest.mark.parametrize(
    ("outcome", "text", "rule"), SENTENCES, ids=[f"{each[0].outcome}-{i}" for i, each in enumerate(SENTENCES)]
)
def test_a_reason_has_its_sentence(outcome: LabelOutcome, text: str, rule: str) -> None:
    sentence = explain_label(outcome)
    assert (checked(sentence), sentence.rule) == (text, rule)
    assert {outcome.tag, outcome.label} & {*bold_names(sentence)}


def test_every_outcome_has_a_sentence() -> None:
    said = {outcome.outcome for outcome, _, _ in SENTENCES}
    assert said | {"not_agreed", "ancestor", "translated"} == {
        *get_args(OutcomeKind)
    }  # test_providers.py, test_languages.py


FAULTY = [
    "Guitar",
    None,
    7,
    {"confidence": 0.9},
    {"tag": "", "confidence": 0.9},
    {"tag": "Guitar"},
    {"tag": "Guitar", "confidence": True},
    {"tag": "Guitar", "confidence": -0.5},
    {"tag": "Guitar", "confidence": 1e300},
]


@pytest.mark.parametrize("entry", FAULTY, ids=str)
@pytest.mark.parametrize("nested", [False, True])
def test_an_entry_that_is_no_label_is_explained_without_its_place_in_the_answer(entry: object, nested: bool) -> None:
    (*_, label) = parse_categorization("complete", [[entry]] if nested else [entry], 1).labels
    text = checked(explain_label(LabelOutcome(label.name, R, label.confidence, "invalid", None, 0.7, label.fault)))
    name = label.name or "An unnamed label (entry 1)"
    assert text.startswith(f"{name} is no tag because it") and len(text) < 120


def test_what_was_not_written_would_be_a_tag() -> None:
    outcome, text, _ = SENTENCES[1]
    assert checked(explain_label(outcome, LabelContext(written=False))) == text.replace("is a tag", "would be a tag")


def test_a_removal_has_its_time_where_that_is_known() -> None:
    outcome = LabelOutcome("Baby", R, 0.99, "suppressed", "Baby", 0.7, SUPPRESSED)
    text = checked(explain_label(outcome, LabelContext(removals={"baby": "2026-03-03T14:02:05.000Z"})))
    assert text == "Baby is no tag because a person removed it from this picture on March 3, 2026 at 14:02 UTC."


@pytest.mark.parametrize(
    ("cap", "why"),
    [
        (0, "the rules allow no tags"),
        (1, "the rules allow 1 tag, and another one came first"),
        (1000, "the rules allow 1,000 tags, and 1,000 others came first"),
    ],
)
def test_the_cap_is_named_where_it_is_known(cap: int, why: str) -> None:
    outcome = LabelOutcome("Amp", R, 0.9, "over_max", "Amp", 0.7, CAP)
    assert checked(explain_label(outcome, LabelContext(cap=cap))) == f"Amp is no tag because {why}."


def test_names_stay_as_they_are() -> None:
    """Printers and pages escape, not sentences."""
    name = '<b>\u202e"x".threshold, and\x1b[31m'
    sentence = explain_label(LabelOutcome(name, R, 0.9, "kept", name, 0.7, f'labels."{name}".threshold'))
    assert bold_names(sentence) == [name] and f"the rule for {name} asks" in sentence.text


def test_a_reason_of_another_version_is_quoted() -> None:
    outcome = LabelOutcome("Axe", R, 0.9, "kept", "Axe", 0.7, "the oracle says so")
    assert checked(explain_label(outcome)) == "Axe is a tag because the oracle says so."


NAMES = [
    *('a", and labels."b', ".threshold, and when[1].add at 1"),
    *('" at 0.5 gives the same tag', '" is given by "x" already'),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_looks_like_a_reason_hides_no_rule(name: str) -> None:
    path, parent = f'labels."{name}".threshold', f'labels."{name}".parents'
    kept = explain_label(LabelOutcome(name, R, 0.9, "kept", name, 0.7, f"{path}, and {parent} at 0.95"))
    reaches = f"{name} is a tag because its confidence 0.90 reaches the 0.70 that the rule for {name} asks for"
    assert (kept.text, kept.rule) == (f"{reaches}; the rule for {name} gives it too.", path)
    merged = explain_label(LabelOutcome("x", R, 0.9, "merged", name, 0.7, f'"{name}" at 0.95 gives the same tag'))
    assert merged.text == f"x 0.90 gives no tag of its own because {name} 0.95 gives the same tag, {name}."
