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
    assert with_table(BASE, "de") == f"{BASE}\n[translations.de]\n"
    valid = f'{BASE}[translations.de]\nA = "b"\n'
    assert with_table(valid, "de") == valid


@pytest.mark.parametrize("text", [f"{BASE}nothing = 1\n", BASE.replace('"de"', '"de", "fr"'), "= x", BASE + "[a"])
def test_rules_with_another_fault_stay_as_they_are(text: str) -> None:
    assert with_table(text, "de") == text
