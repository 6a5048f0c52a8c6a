"""Tags in several languages, compared in columns: no asset needs the engine for them."""

from msgspec.structs import replace

from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Subject
from autotag.domain.rules.schema import Defaults, LabelRule, Rules
from tests.unit.autotag_cli.rules.diff.test_rules_diff_meaning import scanned
from tests.unit.autotag_library.test_equal_to_the_engine import by_asset, check

WORDS = {"de": {"Guitar": "Gitarre", "Car": "Auto", "Automobile": "Auto", "music": "Musik"}}


def rules(*languages: str, **more: object) -> Rules:
    plain = Rules(translations=WORDS, labels={"Guitar": LabelRule(parents=("music",))})
    return replace(plain, defaults=replace(Defaults(), languages=languages, **more))


def asset(number: int, labels: dict[str, float], **subject: object) -> ScannedAsset:
    found = [Label(*each) for each in labels.items()]
    made = scanned({"aws_rek_tagging": found}, replace(Subject(), **subject), frozenset())
    return replace(made, asset=replace(made.asset, public_id=f"p{number}"))


def test_further_languages_are_gains_and_a_change_of_language_is_a_rename() -> None:
    assets = [asset(0, {"Guitar": 0.9, "Drum": 0.8}), asset(1, {"Drum": 0.9})]
    more = check(assets, rules(), rules("en", "de"))
    assert (by_asset(more), more.apart) == ({0: ({"Gitarre", "Musik"}, set(), set())}, 0)

    other = check(assets, rules(), rules("de"))
    gained, lost = {"Gitarre", "Musik"}, {"Guitar", "music"}
    assert by_asset(other) == {0: (gained, lost, {("Guitar", "Gitarre")})}


def test_the_languages_of_a_tag_stay_together_and_a_shared_word_counts_once() -> None:
    assets = [asset(0, {"Drum": 0.95, "Car": 0.9, "Automobile": 0.8, "Guitar": 0.75})]
    for most, tags in ((1, {"Drum"}), (2, {"Drum"}), (3, {"Drum", "Car", "Auto"}), (5, {"Drum", "Car", "Auto"})):
        found = check(assets, replace(rules(), when=()), rules("en", "de", max_tags=most))
        kept = {"Drum", "Car", "Automobile", "Guitar", "music"} - by_asset(found)[0][1] | by_asset(found)[0][0]
        assert kept == (tags | {"Automobile"} if most == 5 else tags)
        assert found.apart == 0


def test_what_a_person_removed_in_one_language_stays_away_in_all() -> None:
    removed = asset(0, {"Guitar": 0.9}, suppressed=frozenset({"gitarre"}))
    found = check([removed], rules("en", "de", deny=("music",)), rules("en", "de", deny=()))
    assert by_asset(found) == {0: ({"music", "Musik"}, set(), set())}
