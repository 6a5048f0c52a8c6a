"""Contradictions of languages and tables of translations, and tags that have no word."""

import pytest

from autotag.domain.rules.checks.known_labels import KnownLabels
from autotag.domain.rules.parse import examine, parse_rules, rules_version
from autotag.domain.rules_text.check import check_text
from tests.unit.domain.rules.rule_findings import found

DE = '[translations.de]\nGuitar = "Gitarre"\n'
BOTH = f'defaults.languages = ["en", "de"]\n{DE}'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            f'defaults.languages = ["en", "fr", "de"]\n{DE}',
            'defaults.languages[2]: found "fr" without a table of translations, beside defaults.languages[1] without '
            "one, expected one language at most that has no table: that of the rules",
        ),
        (
            f'defaults.languages = ["en"]\n[[when]]\nset.languages = ["de", "fr"]\n{DE}',
            'when[1].set.languages[2]: found "fr" without a table of translations, beside defaults.languages[1] '
            "without one, expected one language at most that has no table: that of the rules",
        ),
        (
            f'{BOTH}[translations.DE]\nDrum = "Trommel"\n',
            'translations."DE": found another spelling of "de", expected one table for each language',
        ),
        (
            f'{BOTH}guitar = "Klampfe"\n',
            'translations."de"."guitar": found another spelling of "Guitar", expected one word for each tag',
        ),
        (
            f'defaults.prefix = "auto:"\n{BOTH}Drum = "{"x" * 251}"\n',
            'translations."de"."Drum": found 256 characters together with defaults.prefix, expected at most 255',
        ),
    ],
)
def test_a_contradiction_of_languages_is_a_fault(text: str, sentence: str) -> None:
    assert [fault.sentence for fault in examine(text).errors] == [sentence]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            DE,
            'translations."de": found a table for a language that no setting names, expected "de" in languages',
        ),
        (
            'defaults.languages = ["en", "de"]\n[translations.de]\n',
            'translations."de": found a table without words, expected words such as Guitar = "Gitarre"',
        ),
        (
            f'defaults.languages = ["en", "de", "EN"]\n{DE}',
            'defaults.languages[3]: found "EN", which is defaults.languages[1] already, expected each language once',
        ),
        (
            f"defaults.max_tags = 1\n{BOTH}",
            "defaults.max_tags: found 1 for 2 languages, so that no tag fits that has a word in each, expected at "
            "least 2",
        ),
        (
            f"{BOTH}[[when]]\nfolder = 'zoo'\nset.max_tags = 1\n",
            "when[1].set.max_tags: found 1 for 2 languages, so that no tag fits that has a word in each, expected at "
            "least 2",
        ),
        (
            f"""defaults.max_tags = 1\ndefaults.languages = ["de"]\n{DE}[[when]]\nfolder = 'zoo'\n"""
            'set.languages = ["en", "de"]\n',
            "when[1].set.languages: found 2 languages for a max_tags of 1, so that no tag fits that has a word in "
            "each, expected at most 1",
        ),
        (
            f'defaults.deny = ["gitarre"]\n{BOTH}',
            'translations."de"."Guitar": found "Gitarre", which defaults.deny[1] denies, expected a word that is not '
            "denied",
        ),
        (
            f'defaults.deny = ["auto:Gitarre"]\ndefaults.prefix = "auto:"\n{BOTH}',
            'translations."de"."Guitar": found "Gitarre", which defaults.deny[1] denies, expected a word that is not '
            "denied",
        ),
    ],
)
def test_what_has_no_effect_is_a_warning(text: str, sentence: str) -> None:
    examined = examine(text)
    assert (examined.errors, [each.sentence for each in examined.warnings]) == ((), [sentence])


def test_languages_that_make_sense_are_neither() -> None:
    block = '[[when]]\nfolder = "zoo"\nset = { max_tags = 1, languages = ["EN"] }\n'
    assert found(BOTH + block) == []


def test_tags_that_have_no_word_are_counted() -> None:
    rules = '[labels.Axe]\ntag = "Guitar"\nparents = ["music"]\n[labels.Person]\nthreshold = 0.9\n'
    rules = f'defaults.deny = ["Face"]\n{BOTH}{rules}[[when]]\nadd = ["concert"]\n'
    (line,) = check_text(rules).lines("f")
    assert line[0] == (
        'f:3: warning: translations."de": found that 3 of 4 tags have no word in de, such as "music", "Person", '
        '"concert", expected a word for each tag'
    )
    (seen,) = check_text(rules, KnownLabels(["Face", "axe", "Drum", "person"])).lines("f")
    assert "4 of 5 tags have no word in de, such as" in seen[0]


def test_a_word_of_the_label_is_one_and_a_language_that_is_not_written_is_not_counted() -> None:
    axe = '[labels.Axe]\ntag = "Lute"\n'
    assert check_text(f'{BOTH}axe = "Laute"\n{axe}').lines("f") == []
    assert len(check_text(f"{DE}{axe}").lines("f")) == 1


def test_languages_are_in_the_hash_and_their_absence_is_not() -> None:
    plain, de = rules_version(parse_rules("")), rules_version(parse_rules(BOTH))
    assert rules_version(parse_rules("defaults.languages = []\n[translations]\n")) == plain != de
    assert rules_version(parse_rules(f'defaults.languages = ["de", "en"]\n{DE}')) != de
