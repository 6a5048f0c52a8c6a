"""When two spellings are one label: NFKC, case and runs of white space never tell them apart."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.model.labels import label_key

ANY = st.text(st.characters(codec="utf-8", exclude_characters="ıİ"))  # a Turkish i has no case that everyone agrees on
QUOTES = st.text(st.sampled_from("`'\"\xb4\u0384\u0385\u1ffd\u2033\ua78b a\t\u0301\u0308\u0323\u200b\u3164\u034f"))
TEXT = ANY | QUOTES


@pytest.mark.parametrize(
    "spellings",
    [
        ("Electric Guitar", "electric guitar", "ELECTRIC GUITAR", "  Electric \t\n Guitar ", "Electric\u00a0Guitar"),
        ("Café", "Cafe\u0301", "CAFÉ"),
        ("\uff27uitar", "guitar", "Guitar"),  # a full-width G
        ("Straße", "STRASSE", "strasse"),
        ("ﬁsh", "Fish"),  # a ligature
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("ᾼ\u0342", "ᾷ", "ᾶι"),
        ("Å", "\u212b", "A\u030a", "å"),
        ("①", "1"),
        ("", " ", "\u3000", "\u200b"),
        ("Valentine's Day", "Valentine\u2019s Day", "VALENTINE\u02bcS DAY", "Valentine\xb4s Day"),
        ("T-Shirt", "T\u2010Shirt", "T\u2011Shirt", "t\u2013shirt", "T\u2212Shirt"),
        ("Waterfall", "Water\u200bfall", "\ufeffWater\xadfall", "Water\u2060fall\u200e"),
        ('12"', "12''", "12\u2033", "12\u2032\u2032", "12\u2019\u2019"),
        ("Valentine's Day", "Valentine`s Day", "Valentine \u0301s Day", "Valentine\uff07s Day", "Valentine\u2032s Day"),
        ("T-Shirt", "T\u2012Shirt", "T\u2014Shirt", "T\u2015Shirt", "T\ufe63Shirt", "T\uff0dShirt", "T\ufe58Shirt"),
        ("Ice Cream", "Ice\u202fCream", "Ice\u2009Cream", "Ice\u3000Cream", "Ice\u2028Cream", "Ice\u1680Cream"),
        ("Waterfall", "Water\u200cfall", "Water\u200dfall", "Water\u034ffall", "Water\ufff9fall", "Water\u180bfall"),
        (
            "Waterfall",
            "\u202eWaterfall\u202c",
            "\u2066Waterfall\u2069",
            "Water\u2062fall",
            "Waterfall\u3164",
            "\uffa0Waterfall",
        ),
        ("\u2764", "\u2764\ufe0f", "\u2764\ufe0e"),  # a heart, as an emoji or as a text
        ('"Q"', "\u201cQ\u201d"),
        ("'" * 3, "`\u2033", "\u2033`", "`\u2032\u2032"),
        ("\ua78b", "\ua78c"),
    ],
)
def test_spellings_of_one_label_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({label_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize("other", ["Guitars", "Gui tar", "Guitár", "Guita", "guitar."])
def test_other_labels_have_other_keys(other: str) -> None:
    assert label_key(other) != label_key("Guitar")


def test_flags_that_only_tags_tell_apart_have_other_keys() -> None:
    england, scotland = (
        f"\U0001f3f4{''.join(chr(0xE0000 + ord(c)) for c in code)}\U000e007f" for code in ("gbeng", "gbsct")
    )
    assert label_key(england) != label_key(scotland)


@given(TEXT)
def test_a_key_is_its_own_key(name: str) -> None:
    assert label_key(label_key(name)) == label_key(name)


@given(TEXT, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_no_normal_form_splits_a_label(name: str, form: str) -> None:
    assert label_key(unicodedata.normalize(form, name)) == label_key(name)  # type: ignore[arg-type]


@given(TEXT)
def test_no_case_splits_a_label(name: str) -> None:
    assert label_key(name.lower()) == label_key(name.upper()) == label_key(name.casefold()) == label_key(name)
