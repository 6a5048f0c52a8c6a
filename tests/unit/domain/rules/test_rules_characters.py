"""Characters that people do not see, or take for others: a warning names the character, its place and what to write."""

import pytest

from tests.unit.domain.rules.rule_findings import found

CHARACTERS = {
    "\\u0000": "U+0000",
    "\\u0007": "U+0007",
    "\\u001b": "U+001B",
    "\\u007f": "U+007F",
    "\\u0085": "U+0085",
    "\\u009f": "U+009F",
    "\xad": "U+00AD",
    "\u200b": "U+200B",
    "\u2028": "U+2028",
    "\u2029": "U+2029",
    "\u202e": "U+202E",
    "\u2066": "U+2066",
    "\ufeff": "U+FEFF",
}
EACH = pytest.mark.parametrize("character", CHARACTERS, ids=CHARACTERS.values())


@EACH
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('name = "a{}b"', "name"),
        ('[[when]]\nname = "a{}b"\nadd = ["x"]', "when[1].name"),
        ('[[when]]\nfolder = "a{}b/**"\nadd = ["x"]', "when[1].folder"),
        ('[[when]]\ncontext = {{ licence = "a{}b" }}\nadd = ["x"]', 'when[1].context."licence"'),
        ('[[when]]\nmetadata = {{ licence = "a{}b" }}\nadd = ["x"]', 'when[1].metadata."licence"'),
        ('[[when]]\nmetadata = {{ use = ["web", "a{}b"] }}\nadd = ["x"]', 'when[1].metadata."use"[2]'),
    ],
)
def test_what_is_compared_or_shown_as_it_is_written_gets_a_warning(text: str, place: str, character: str) -> None:
    (sentence,) = found(text.format(character))
    assert sentence.startswith(f"warning: {place}: found ")
    assert sentence.endswith(f" with the character {CHARACTERS[character]}, expected no control or invisible character")


@EACH
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[labels.A]\ntag = "a{}b"', 'labels."A".tag'),
        ('[labels.A]\nparents = ["a{}b"]', 'labels."A".parents[1]'),
        ('[defaults]\nprefix = "a{}b"', "defaults.prefix"),
        ('[[when]]\nset.prefix = "a{}b"', "when[1].set.prefix"),
        ('[[when]]\nadd = ["a{}b"]', "when[1].add[1]"),
        ('[[when]]\nlabels.A.tag = "a{}b"', 'when[1].labels."A".tag'),
    ],
)
def test_what_is_written_as_a_tag_is_refused(text: str, place: str, character: str) -> None:
    (sentence,) = found(text.format(character))
    assert sentence.startswith(f"{place}: found the text ")
    assert f"with the character {CHARACTERS[character]}, expected a " in sentence


def test_a_key_of_context_is_checked_too() -> None:
    assert found('[[when]]\ncontext = { "a\\u0007" = "b" }\nadd = ["x"]') == [
        'warning: when[1].context."a\\u0007": found "a\\u0007" with the character U+0007, '
        "expected no control or invisible character"
    ]


def test_a_tag_that_no_asset_can_have_is_a_warning() -> None:
    assert found('[[when]]\ntags_any = ["a\\u0007b"]\nadd = ["x"]') == [
        'warning: when[1].tags_any[1]: found "a\\u0007b" with the character U+0007, '
        "expected no control or invisible character"
    ]


MIXED = "Guit\u0430r"  # a Cyrillic a


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[defaults]\ndeny = ["{}"]', "defaults.deny[1]"),
        ('[defaults]\nallow = ["{}"]', "defaults.allow[1]"),
        ('[labels."{}"]\nthreshold = 0.5', 'labels."{}"'),
        ('[labels.A]\ntag = "{}"', 'labels."A".tag'),
        ('[labels.A]\nparents = ["{}"]', 'labels."A".parents[1]'),
        ('[[when]]\ntags_any = ["{}"]\nadd = ["x"]', "when[1].tags_any[1]"),
        ('[[when]]\nlabels_any = ["{}"]\nadd = ["x"]', "when[1].labels_any[1]"),
        ('[[when]]\nadd = ["{}"]', "when[1].add[1]"),
        ('[[when]]\nlabels."{}".tag = "x"', 'when[1].labels."{}"'),
    ],
)
def test_a_letter_of_another_alphabet_is_a_warning(text: str, place: str) -> None:
    assert found(text.replace("{}", MIXED)) == [
        f'warning: {place.format(MIXED)}: found "{MIXED}", in which U+0430 looks like a, '
        'expected words in letters of one alphabet; did you mean "Guitar"?'
    ]


@pytest.mark.parametrize("name", ["\u0421at", "D\u03bfg", "Mountain \u0412ike", "T-\u0405hirt"])
def test_any_such_letter_is_found(name: str) -> None:
    (sentence,) = found(f'[labels."{name}"]\ntag = "x"')
    assert "expected words in letters of one alphabet" in sentence


@pytest.mark.parametrize(
    "name", ["\u041a\u043e\u0448\u043a\u0430", "DJ \u041a\u043e\u0442", "\u03a3\u03af\u03c3", "Caf\xe9", "\u72ac"]
)
def test_names_in_other_alphabets_get_no_warning(name: str) -> None:
    assert found(f'[labels."{name}"]\ntag = "x"') == []


@pytest.mark.parametrize(("folder", "meant"), [(r"stage\\live", "stage/live"), (r"a\\b\\**", "a/b/**")])
def test_a_folder_with_backslashes_is_a_warning(folder: str, meant: str) -> None:
    (sentence,) = found(f'[[when]]\nfolder = "{folder}"\nadd = ["x"]')
    assert sentence.startswith("warning: when[1].folder: ")
    assert sentence.endswith(f'expected / between folders; did you mean "{meant}"?')
