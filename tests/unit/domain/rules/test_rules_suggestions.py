"""Suggestions for misspelled keys and values of a rules file: only those that make sense."""

import pytest

from autotag.domain.rules.parse import examine

NONSENSE = ["hello", "filter", "banana", "xyzzy", "colour", "date", "q", "ab", "zzz"]


def suggestions(text: str) -> list[str]:
    """Return the suggestion of each error."""
    return [error.suggestion for error in examine(text).errors]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("70", "0.70"),
        ("70.46", "0.7046"),
        ("99", "0.99"),
        ("100", "1.00"),
        ("12.5", "0.125"),
        ('"70"', "0.70"),
        ('"70%"', "0.70"),
        ('" 0.7 "', "0.7"),
        ('".7"', "0.7"),
        ('"0,7"', "0.7"),
        ('"70,5"', "0.705"),
        ('"70 %"', "0.70"),
        ("1e2", "1.00"),
        # none of these is TOML
        ("70%", "0.70"),
        ("70 %  # of a hundred", "0.70"),
        ("0,7", "0.7"),
        (".7", "0.7"),
    ],
)
def test_a_percentage_is_suggested_as_a_confidence(written: str, meant: str) -> None:
    assert suggestions(f"[defaults]\nthreshold = {written}") == [meant]


@pytest.mark.parametrize(
    "written",
    [
        *(
            "1.5",
            "1.01",
            "2",
            "7",
            "9.99",
            "100.5",
            "101",
            "7000",
            "-70",
            "-0.5",
            "-0.7",
            "inf",
            "nan",
            "true",
            "[0.7]",
        ),
        *('"1.2.3"', '"high"', '"700"', '"7%"', '"0.7%"', '"1,000"', '"0,7,5"', '"-70"', '""', '"."', '"%"'),
        *('"\uff17\uff10"', "7%", "-70%", "x", "0,7,5", ".", ""),
    ],
)
def test_a_number_that_is_no_percentage_gets_no_suggestion(written: str) -> None:
    assert suggestions(f"[defaults]\nthreshold = {written}") == [""]


@pytest.mark.parametrize("word", NONSENSE)
@pytest.mark.parametrize("place", ["{} = 1", "[defaults]\n{} = 1", "[[when]]\n{} = 1", "[labels.A]\n{} = 1"])
def test_a_key_that_resembles_none_gets_no_suggestion(word: str, place: str) -> None:
    assert suggestions(place.format(word)) == [""]


@pytest.mark.parametrize("word", NONSENSE)
@pytest.mark.parametrize("place", ['case = "{}"', 'providers = ["{}"]', 'mode = "{}"', 'max_tags = "{}"', "deny = 7"])
def test_a_value_that_resembles_none_gets_no_suggestion(word: str, place: str) -> None:
    assert suggestions(f"[defaults]\n{place.format(word)}") == [""]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("[defaults]\nTreshold = 0.7", "threshold"),
        ("[defaults]\nmaxtags = 7", "max_tags"),
        ("[[when]]\nfolders = 'a'", "folder"),
        ("[defaults]\ncase = 'Lowercase'", '"lower"'),
        ("[defaults]\nproviders = ['rekognitoin']", '"rekognition"'),
        ("[defaults]\nproviders = ['aws_rekognition']", '"aws_rek_tagging"'),
        ("[defaults]\nproviders = ['aws']", '"aws_rek_tagging"'),
        ("[defaults]\nproviders = ['Amazon Rekognition']", '"aws_rek_tagging"'),
        ("[defaults]\nproviders = ['rekognition_scen']", '"rekognition_scene"'),
        ("[defaults]\nproviders = 'aws'", '["aws_rek_tagging"]'),
        ("[defaults]\nproviders = 'google_tagging, imagga'", '["google_tagging", "imagga_tagging"]'),
        ("[defaults]\nproviders = 'banana'", ""),
        ("[defaults]\ndeny = 'Human, Person'", '["Human", "Person"]'),
        ("[[when]]\nformat = 'jpg,png'", '["jpg", "png"]'),
        ("[[when]]\nadd = 'x'", '["x"]'),
        ("[labels.A]\nparents = 'a\u200bb'", ""),
        ("[defaults]\nmax_tags = '7'", "7"),
        ("[defaults]\ndeny = ''", ""),
        ("[defaults]\nmax_tags = '7000'", ""),
    ],
)
def test_a_misspelling_gets_what_was_meant(text: str, meant: str) -> None:
    assert suggestions(text) == [meant]
