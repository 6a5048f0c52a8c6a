"""Tags in several languages: which words are written, under which cap, and what a person removes."""

import pytest

from autotag.domain.decisions.compare import ChangedTags, changed_tags
from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.decisions.tag_providers import providers_of_tags
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Subject
from tests.unit.domain.decisions.decision_helpers import book, decided

R = "aws_rek_tagging"
BOTH = '[defaults]\nlanguages = ["en", "de"]\n'
WORDS = '[translations.de]\nGuitar = "Gitarre"\nmusic = "Musik"\n'
LABELS = {"Guitar": 0.9, "Drum": 0.8}


def outcomes(decision: Decision) -> list[tuple[str, str | None, str, str | None, str]]:
    return [(each.label, each.provider, each.outcome, each.tag, each.because) for each in decision.labels]


def test_a_tag_is_written_in_each_language_and_the_word_says_which_table_it_is_from() -> None:
    decision = decided(BOTH + WORDS, LABELS)
    assert decision.tags == ("Guitar", "Gitarre", "Drum")
    assert outcomes(decision) == [
        ("Guitar", R, "kept", "Guitar", "defaults.threshold"),
        ("Drum", R, "kept", "Drum", "defaults.threshold"),
        ("Guitar", None, "translated", "Gitarre", 'translations.de."Guitar"'),
    ]
    assert decision.sources["Gitarre"] == decision.sources["Guitar"] == ("guitar",)


def test_without_the_rules_own_language_a_word_takes_its_place_and_what_has_none_keeps_it() -> None:
    decision = decided(f'[defaults]\nlanguages = ["de"]\n{WORDS}', LABELS)
    assert decision.tags == ("Gitarre", "Drum")
    assert outcomes(decision) == [
        ("Guitar", R, "translated", "Gitarre", 'translations.de."Guitar"'),
        ("Drum", R, "kept", "Drum", "defaults.threshold"),
    ]


def test_with_several_tables_alone_a_tag_has_a_word_of_each_that_has_one() -> None:
    rules = '[defaults]\nlanguages = ["fr", "de"]\n[translations.fr]\nDrum = "tambour"\nGuitar = "guitare"\n' + WORDS
    assert decided(rules, LABELS).tags == ("guitare", "Gitarre", "tambour")


def test_the_word_of_the_tag_counts_before_that_of_the_label_and_names_are_compared_as_labels_are() -> None:
    rules = f'{BOTH}[labels.Axe]\ntag = "Guitar"\n[labels.Snare]\ntag = "Drums"\n[translations.DE]\n'
    rules += 'GUITAR = "Gitarre"\naxe = "Axt"\nSnare = "Trommel"\n'
    assert decided(rules, {"Axe": 0.9, "Snare": 0.8}).tags == ("Guitar", "Gitarre", "Drums", "Trommel")


def test_the_label_that_gives_a_tag_its_spelling_gives_it_its_word() -> None:
    rules = f'{BOTH}[labels.Canine]\ntag = "Dog"\n[translations.de]\nCanine = "Hund"\n'
    assert decided(rules, {"Canine": 0.9, "Dog": 0.8}).tags == ("Dog", "Hund")
    assert decided(rules, {"Canine": 0.8, "Dog": 0.9}).tags == ("Dog",)


def test_case_and_prefix_are_those_of_any_tag() -> None:
    rules = '[defaults]\nlanguages = ["en", "de"]\ncase = "lower"\nprefix = "auto:"\n' + WORDS
    assert decided(rules, LABELS).tags == ("auto:guitar", "auto:gitarre", "auto:drum")


def test_implied_and_added_tags_have_words_too() -> None:
    rules = f'{BOTH}[labels.Guitar]\nparents = ["music"]\n[[when]]\nadd = ["Drum"]\n{WORDS}Drum = "Trommel"\n'
    decision = decided(rules, {"Guitar": 0.9})
    assert decision.tags == ("Drum", "Trommel", "Guitar", "Gitarre", "music", "Musik")
    assert ("music", None, "translated", "Musik", 'translations.de."music"') in outcomes(decision)


def test_an_implied_ancestor_has_a_word_too() -> None:
    rules = '[defaults]\nproviders = ["rekognition"]\nancestors = "imply"\nlanguages = ["en", "de"]\n'
    rules += '[translations.de]\nAnimal = "Tier"\n'
    found = decided(rules, {"Koala": 0.9}, ancestors={"koala": ("Animal",)})
    assert found.tags == ("Animal", "Tier", "Koala")


def test_the_deny_list_is_asked_again_of_the_word() -> None:
    denied = 'deny = ["gitarre"]\n'
    assert decided(BOTH + denied + WORDS, LABELS).tags == ("Guitar", "Drum")
    alone = decided(f'[defaults]\nlanguages = ["de"]\n{denied}{WORDS}', LABELS)
    assert alone.tags == ("Drum",)
    assert outcomes(alone)[0] == ("Guitar", R, "denied", None, "defaults.deny")
    assert decided(f'{BOTH}deny = ["Guitar"]\n{WORDS}', LABELS).tags == ("Drum",)


def test_a_word_that_is_the_tag_itself_counts_once() -> None:
    decision = decided(f'{BOTH}max_tags = 1\n[translations.de]\nHotel = "hotel"\n', {"Hotel": 0.9})
    assert decision.tags == ("Hotel",)
    assert [each.outcome for each in decision.labels] == ["kept"]


def test_the_languages_of_a_tag_stay_or_go_together_and_each_counts() -> None:
    labels = {"Drum": 0.95, "Guitar": 0.9, "Stage": 0.8}
    assert decided(f"{BOTH}max_tags = 3\n{WORDS}", labels).tags == ("Drum", "Guitar", "Gitarre")
    two = decided(f"{BOTH}max_tags = 2\n{WORDS}", labels)
    assert two.tags == ("Drum",) and two.room == 1
    assert outcomes(two)[1:] == [
        ("Guitar", R, "over_max", "Guitar", "defaults.max_tags"),
        ("Stage", R, "over_max", "Stage", "defaults.max_tags"),
        ("Guitar", None, "over_max", "Gitarre", "defaults.max_tags"),
    ]


def test_a_word_that_is_there_as_a_persons_fills_no_place() -> None:
    decision = decided(f"{BOTH}max_tags = 1\n{WORDS}", {"Guitar": 0.9}, user_tags=("gitarre",))
    assert (decision.tags, decision.present) == (("Guitar", "Gitarre"), ("Gitarre",))


def test_a_word_of_two_tags_is_written_once_and_stands_for_both() -> None:
    rules = f'{BOTH}max_tags = 3\n[translations.de]\nCar = "Auto"\nAutomobile = "Auto"\n'
    decision = decided(rules, {"Car": 0.9, "Automobile": 0.8})
    assert decision.tags == ("Car", "Auto", "Automobile")
    assert set(decision.sources["Auto"]) == {"car", "automobile"}


def test_a_word_that_another_label_gives_as_its_own_tag_is_that_labels() -> None:
    decision = decided(f'{BOTH}[translations.de]\nPoison = "Gift"\n', {"Poison": 0.9, "Gift": 0.8})
    assert decision.tags == ("Poison", "Gift")
    assert outcomes(decision)[1:] == [("Gift", R, "kept", "Gift", "defaults.threshold")]


@pytest.mark.parametrize("removed", ["gitarre", "guitar"])
def test_what_a_person_removes_in_one_language_stays_away_in_all(removed: str) -> None:
    decision = decided(BOTH + WORDS, LABELS, suppressed=frozenset({removed}))
    assert decision.tags == ("Drum",)
    found = {each.tag: each.outcome for each in decision.labels}
    assert found["Guitar"] == "suppressed"
    assert decided(f'[defaults]\nlanguages = ["de"]\n{WORDS}', LABELS, suppressed=frozenset({removed})).tags == (
        "Drum",
    )


@pytest.mark.parametrize("languages", ['["en", "de"]', '["de"]'])
def test_a_removed_word_stays_away_under_a_later_prefix_whatever_label_has_it(languages: str) -> None:
    rules = (
        f'[defaults]\nlanguages = {languages}\nprefix = "auto:"\ncase = "lower"\n[translations.de]\nAxe = "Gitarre"\n'
    )
    assert "auto:gitarre" in decided(rules, {"Axe": 0.9}).tags
    assert decided(rules, {"Axe": 0.9}, suppressed=frozenset({"gitarre"})).tags == ()


@pytest.mark.parametrize("languages", ['["en", "de"]', '["de"]'])
@pytest.mark.parametrize("later", ["", 'prefix = "x:"\n'])
def test_a_word_removed_with_a_prefix_stays_away_without_it_and_under_another(languages: str, later: str) -> None:
    start, words = f"[defaults]\nlanguages = {languages}\n", WORDS + 'Lute = "Gitarre"\n'
    before = decided(f'{start}prefix = "auto:"\n{words}', {"Guitar": 0.9})
    assert set(before.sources["auto:Gitarre"]) == {"guitar", "gitarre"}
    removed = frozenset({"auto:gitarre", *before.sources["auto:Gitarre"]})
    assert decided(f"{start}{later}{words}", {"Guitar": 0.9, "Lute": 0.8}, suppressed=removed).tags == ()


def test_each_language_of_a_tag_stands_for_its_own_word_alone() -> None:
    rules = '[defaults]\nlanguages = ["fr", "de"]\nprefix = "auto:"\n[translations.fr]\nGuitar = "guitare"\n' + WORDS
    sources = decided(rules, {"Guitar": 0.9}).sources
    assert set(sources["auto:guitare"]) == {"guitar", "guitare"}
    assert set(sources["auto:Gitarre"]) == {"guitar", "gitarre"}
    assert decided(rules.replace('"fr"', '"en"'), {"Guitar": 0.9}).sources["auto:Guitar"] == ("guitar",)


def test_nobody_is_asked_about_a_tag_of_which_a_word_was_removed_or_is_given() -> None:
    rules = f"{BOTH}review = 0.5\n{WORDS}"
    assert decided(rules, {"Guitar": 0.6}).review == ("Guitar",)
    assert decided(rules, {"Guitar": 0.6}, suppressed=frozenset({"gitarre"})).review == ()
    given = decided(f'{rules}Poison = "Gift"\n', {"Poison": 0.9, "Gift": 0.6})
    assert given.review == ()
    assert outcomes(given)[1] == ("Gift", R, "given", "Gift", '"Gift" is given by translations.de."Poison" already')


def test_people_are_asked_in_the_language_that_is_written() -> None:
    assert decided(f'[defaults]\nlanguages = ["de"]\nreview = 0.5\n{WORDS}', {"Guitar": 0.6}).review == ("Gitarre",)


def test_providers_agree_about_the_tag_that_is_written() -> None:
    rules = '[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]\nagree = 2\nlanguages = ["de"]\n'
    labels = {R: [Label("Car", 0.9)], "google_tagging": [Label("Automobile", 0.8)]}
    assert decide(labels, Subject(), book(rules)).tags == ()
    words = '[translations.de]\nCar = "Auto"\nAutomobile = "Auto"\n'
    assert decide(labels, Subject(), book(rules + words)).tags == ("Auto",)


def test_a_block_chooses_languages_for_its_assets() -> None:
    rules = f'{BOTH}[[when]]\nfolder = "us/**"\nset.languages = []\n{WORDS}'
    assert decided(rules, {"Guitar": 0.9}, folder="us").tags == ("Guitar",)
    assert decided(rules, {"Guitar": 0.9}).tags == ("Guitar", "Gitarre")
    only = f'[[when]]\nfolder = "de/**"\nset.languages = ["de"]\n{WORDS}'
    assert decided(only, {"Guitar": 0.9}, folder="de").tags == ("Gitarre",)
    assert decided(only, {"Guitar": 0.9}).tags == ("Guitar",)


def test_a_table_that_no_language_names_changes_no_decision() -> None:
    assert decided(WORDS, LABELS) == decided("", LABELS)


def test_a_word_has_the_providers_of_its_tag() -> None:
    ruleset = book(BOTH + WORDS)
    labels = {R: (Label("Guitar", 0.9),)}
    found = providers_of_tags(decide(labels, Subject(), ruleset), labels, Subject(), ruleset)
    assert found == {"Guitar": (R,), "Gitarre": (R,)}


def test_what_if_names_a_change_of_language_as_a_rename() -> None:
    labels, subject = {R: [Label("Guitar", 0.9)]}, Subject()
    german = book(f'[defaults]\nlanguages = ["de"]\n{WORDS}')
    both, english = book(BOTH + WORDS), book("")
    assert changed_tags(labels, subject, english, both) == ChangedTags(frozenset({"Gitarre"}), frozenset())
    renamed = changed_tags(labels, subject, english, german)
    assert renamed.renamed == (("Guitar", "Gitarre"),)


def test_what_if_sees_new_words_of_implied_ancestors() -> None:
    rules = '[defaults]\nproviders = ["rekognition"]\nancestors = "imply"\nlanguages = ["en", "de"]\n'
    old, new = (book(f"{rules}[translations.de]\n{word}\n") for word in ('Koala = "Koala"', 'Animal = "Tier"'))
    found = changed_tags({"rekognition": [Label("Koala", 0.9)]}, Subject(ancestors={"koala": ("Animal",)}), old, new)
    assert found == ChangedTags(frozenset({"Tier"}), frozenset())
