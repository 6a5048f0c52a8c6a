"""What each term means for an asset, and the sentence that says so."""

import pytest
from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Defaults, LabelRule, Rules, When
from autotag.domain.search.match import Candidate
from autotag.domain.search.parse import parse_query
from autotag.domain.search.reasons import reasons
from autotag.domain.state.asset_state import TagPreference
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import scanned

AT = 1_791_460_800_000
RULES = Rules(
    defaults=Defaults(threshold=0.7, review=0.5, deny=("Human",)),
    labels={"Electric Guitar": LabelRule(threshold=0.6, tag="guitar", parents=("Music",))},
    when=(When(name="zoo", folder="zoo/**", skip=True),),
)
LABELS = {
    "aws_rek_tagging": [
        Label("Electric Guitar", 0.705), Label("Musician", 0.575), Label("Human", 0.9), Label("Drum", 0.3),
        Label("Broken", 0.9, "a fault"),
    ],
    "google_tagging": [Label("Violin", 0.9)],
}  # fmt: skip


def asset(folder: str = "stage/live") -> ScannedAsset:
    subject = Subject(folder=folder, user_tags=("press", "baby"), managed_tags=frozenset({"guitar", "Old"}))
    preferences = (
        TagPreference("remove", AT, "Drum", ("drum",)), TagPreference("add", AT, "press", answer="x"),
        TagPreference("add", AT, "brought", set_by_upload=True), TagPreference("add", AT, "gone", withdrawn=True),
    )  # fmt: skip
    found = scanned({name: list(labels) for name, labels in LABELS.items()}, subject, frozenset())
    return replace(found, preferences=preferences, asset=replace(found.asset, public_id="stage/Concert 1"))


def found(text: str, folder: str = "stage/live") -> list[str] | None:
    """Return the sentences, None if the asset does not match."""
    query, candidate = parse_query(text), Candidate(asset(folder), Ruleset(RULES))
    return [each.text for each in reasons(query, candidate)] if candidate.matches(query) else None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("concert", "Its public_id holds concert."),
        ("tag:GUITAR", "guitar is a tag because Electric Guitar 0.705 reaches the 0.60"),
        ("tag:music -tag:x", None),
        ("tag:old", "autotag wrote Old. The active rules would not give it now."),
        ("tag:press", "A reviewer accepted press on October 8, 2026 at 12:00 UTC."),
        ("tag:baby", "baby came with the picture: an upload, a person or Cloudinary put it there"),
        ("label:musician", "Cloudinary found Musician with the confidence 0.575."),
        ("label:musician>0.5", "Cloudinary found Musician with the confidence 0.575, above 0.50."),
        ("label:musician<=0.6", "Cloudinary found Musician with the confidence 0.575, at most 0.60."),
        ("label:broken", None),
        ("label:violin", None),
        ("folder:stage/**", "It is in the folder stage/live."),
        ("folder:stage", None),
        ("status:tagged", "Its status is tagged."),
        ("status:timed_out", None),
        ("-status:timed_out", "Its status is not timed out."),
        ("person:removed", "A person removed Drum on October 8, 2026 at 12:00 UTC."),
        ("removed:drum", "A person removed Drum on October 8, 2026 at 12:00 UTC."),
        ("added:press", "A reviewer accepted press on"),
        ("added:drum", None),
        ("added:brought", None),
        ("added:gone", None),
        ("outcome:denied", "Human is no tag because the deny list of the rules holds it or its tag."),
        ("outcome:review", "A person is asked about Musician because its confidence 0.575 is below the threshold"),
        ("outcome:parent", "Music would be a tag because the rule for Electric Guitar gives it as a parent."),
        ("outcome:over_max", None),
        ('rule:labels."electric guitar".threshold', "guitar is a tag because Electric Guitar 0.705 reaches the 0.60"),
        ('rule:labels."Electric Guitar".parents', "Music would be a tag because"),
        ("rule:defaults.threshold", "Drum is no tag because its confidence 0.30 is below the 0.70 that the rules ask"),
        ("rule:when[1].skip", None),
        ("-tag:x", "It does not have the tag x."),
        ("-label:dog>0.5", "Cloudinary did not find dog with a confidence above 0.50."),
        ("-folder:zoo/**", "It is not in the folder zoo/**."),
        ("-added:baby", "No person added baby."),
        ("-person:added", None),
        ("-outcome:over_max", "No label has the outcome over max."),
        ("-rule:defaults.max_tags", "The rule defaults.max_tags decides nothing on it."),
        ("-zoo", "Its public_id does not hold zoo."),
    ],
)  # fmt: skip
def test_a_term_holds_and_says_why(text: str, sentence: str | None) -> None:
    said = found(text)
    if sentence is None:
        assert said is None
    else:
        assert said is not None and any(each.startswith(sentence) for each in said)


def test_a_block_that_skips_an_asset_is_found_by_its_place_whatever_it_is_called() -> None:
    said = ['The block "zoo" leaves it alone.']
    assert found('rule:when[1] "zoo".skip', "zoo/cage") == said
    assert found("rule:when[1].skip", "zoo/cage") == ["Block 1 leaves it alone."]
    assert found("rule:when[2].skip", "zoo/cage") is None and found("outcome:kept", "zoo/cage") is None


def test_an_asset_in_the_root_and_one_of_unknown_folder_are_in_no_folder() -> None:
    assert found("folder:/", "") == ["It is in no folder."] and found("folder:/") is None
    unknown = Candidate(replace(asset(), facts=None), Ruleset(RULES))
    assert unknown.matches(parse_query("folder:/"))


def test_every_term_counts_and_one_sentence_is_said_once() -> None:
    assert found("tag:guitar tag:nothing") is None
    said = found("tag:guitar outcome:kept tag:press added:press")
    assert said is not None and len(said) == 2


def test_of_many_outcomes_three_are_told_and_the_others_counted() -> None:
    many = scanned({"aws_rek_tagging": [Label(f"Label {n}", 0.1) for n in range(9)]}, Subject(), frozenset())
    query = parse_query("outcome:below_threshold")
    said = [each.text for each in reasons(query, Candidate(many, Ruleset(RULES)))]
    assert len(said) == 4 and said[-1] == "6 more like this."
