"""Words are added to a table of translations however it is written, and nothing else changes."""

import pytest

from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules_text.words import with_table, with_words

BASE = '[defaults]\nlanguages = ["en", "de"]\n'


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        (f'translations = {{ de = {{ A = "b" }} }} # x\n{BASE}', 'de = { A = "b", B = "c", "D e" = "f" } } # x\n'),
        (f'{BASE}[translations]\nde = {{A="b"}}\n', 'de = {A="b", B = "c", "D e" = "f"}\n'),
        (f"translations.de = {{}}\n{BASE}", 'translations.de = { B = "c", "D e" = "f" }\n'),
        (f'translations = {{ de.A = "b" }}\n{BASE}', '{ de.A = "b", de.B = "c", de."D e" = "f" }\n'),
        ('translations = {}\nname = "a"\n', 'translations = { de = { B = "c", "D e" = "f" } }\n'),
        ('translations = { fr = { A = "b" } }\n', '{ fr = { A = "b" }, de = { B = "c", "D e" = "f" } }\n'),
    ],
    ids=["both inline", "language inline", "language empty", "dotted", "all empty", "another language"],
)
def test_words_go_into_inline_tables(text: str, edited: str) -> None:
    result = with_words(text, "de", {"B": "c", "D e": "f"})
    assert edited in result
    assert parse_rules(result).translations["de"].items() >= {"B": "c", "D e": "f"}.items()


def test_rules_that_lack_only_the_table_of_the_language_get_an_empty_one() -> None:
    assert with_table(BASE, "de", "en") == f"{BASE}\n[translations.de]\n"
    valid = f'{BASE}[translations.de]\nA = "b"\n'
    assert with_table(valid, "de", "en") == valid


SEVERAL = BASE.replace('"de"', '"fr", "DE", "it"')
BLOCK = f"{BASE}[[when]]\nset = {{ languages = ['fr', 'en', 'FR'] }}\n"


@pytest.mark.parametrize(
    ("text", "to", "own", "tables"),
    [
        (SEVERAL, "de", "en", ["de", "fr", "it"]),
        (SEVERAL, "it", "fr", ["it", "en", "DE"]),
        (f'{SEVERAL}[translations]\nfr.A = "b"\n', "it", "en", ["fr", "it", "DE"]),
        (BLOCK, "de", "en", ["de", "fr"]),
        (f"{SEVERAL}[[when]]\nset.languages = ['IT', 'es']\n", "de", "en", ["de", "fr", "IT", "es"]),
    ],
    ids=["another case", "another own language", "one is there", "in a block", "two spellings"],
)
def test_where_several_languages_are_new_those_besides_the_own_one_get_tables(
    text: str, to: str, own: str, tables: list[str]
) -> None:
    edited = with_table(text, to, own)
    assert edited.startswith(text)
    assert list(parse_rules(edited).translations) == tables


OTHER_FAULTS = [
    f"{BASE}nothing = 1\n",
    f"{SEVERAL}[labels.languages]\nthreshold = 2\n",
    SEVERAL.replace('"fr"', "5"),
    '[defaults]\nlanguages = "de"\n',
    "= x",
    BASE + "[a",
]
REFUSED = f"{SEVERAL}[translations.DE]\n[translations.de]\n"


@pytest.mark.parametrize("text", [*OTHER_FAULTS, REFUSED])
def test_rules_with_another_fault_stay_as_they_are(text: str) -> None:
    assert with_table(text, "de", "en") == text
