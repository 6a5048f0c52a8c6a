"""What is offered at a place of a rules file is what the schema allows there."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from autotag.domain.rules.schema import Defaults, LabelRule, Overrides, When
from autotag.domain.rules_text.completion import complete
from autotag.domain.rules_text.statements import statements

CATEGORIES = ("Animals and Pets", "Cars")
LABELS = ("Electric Guitar", "Guitar", "Dog")
EXAMPLE = (Path(__file__).parents[4] / "docs" / "rules.example.toml").read_text("utf-8")


def inserts(before: str, after: str = "") -> list[str]:
    """Return what can be inserted."""
    return [option.insert for option in complete(before, after, LABELS, CATEGORIES).options]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", ["name = ", "defaults.", "providers.", "labels.", "categories.", "translations."]),
        ("[", ["defaults]", "providers.", "labels.", "categories.", "translations.", "when."]),
        ("[translations.de]\ndo", ["Dog = "]),
        ("[defaults]\nlang", ["languages = "]),
        ("[[w", ["when]]"]),
        ("[labels.", ['"Electric Guitar"]', "Guitar]", "Dog]"]),
        ("[categories.", ['"Animals and Pets"]', "Cars]"]),
        ("[[when]]\ncategories.ca", ["Cars."]),
        ("[categories.Cars]\nth", ["threshold = "]),
        ('[labels."elec', ['"Electric Guitar"]']),
        ("[[when]]\nset.m", ["max_tags = ", "mode = "]),
        ("[[when]]\nset = { mode = ", ['"apply"', '"dry_run"']),
        ("[[when]]\nskip = t", ["true"]),
        ("[providers.goo", ["google_tagging]", "google_video_tagging]"]),
        ("[providers.aws_rek_tagging]\nth", ["threshold = "]),
        ("[[when]]\nresource_type = v", ['["video"]']),
        ("[[when]]\nlabels_none = ['El", ['"Electric Guitar"']),
        ("[[when]]\nfolder_", ["folder_not = "]),
        ("[[when]]\nmeta", ["metadata."]),
        ("[defaults]\ncase = 'l", ['"lower"', '"title"']),
        ("[defaults]\ndeny = ", ['["Electric Guitar"]', '["Guitar"]', '["Dog"]']),
        ('[defaults]\ndeny = [\n  "Human", # never\n  "dog', ['"Dog"']),
        ('[defaults]\ndeny = [\n  "Human" ', []),
        ("[[when]]\nlabels.", ['"Electric Guitar".', "Guitar.", "Dog."]),
        ("labels = { Dog = { threshold = 0.5, ", ["tag = ", "parents = ", "priority = "]),
        ("[labels.Dog] # thr", []),
        ("[labels.Dog]\nthreshold = 0.5", []),
        ("[labels.Dog]\ntag = ", []),
        ('name = """\n[', []),
        ('name = "unfinished\n[def', ["defaults]"]),
        ("deny = { x = [\n}\n\n[nosuch]\n", []),
        ("[nosuch.table]\n", []),
        ("[when.set]\nca", ["case = "]),
        (
            "[[when]]\nadd = ['x']\n[[when]]\na",
            [
                "add = ",
                *("name = ", "format = ", "tags_any = ", "tags_none = ", "metadata.", "labels_any = ", "labels_all = "),
                *("labels_none = ", "labels.", "categories."),
            ],
        ),
    ],
)
def test_what_fits_is_offered(before: str, expected: list[str]) -> None:
    assert inserts(before) == expected


def test_an_option_takes_the_place_of_the_whole_word() -> None:
    assert complete('[labels."El', 'ec"]\n', LABELS)[:2] == ('"El', 'ec"')
    assert inserts('[labels."El', 'ec"]\n') == ['"Electric Guitar"']
    assert inserts("[defaults]\nthr", "eshold = 0.5\n") == ["threshold"]


@pytest.mark.parametrize(
    ("header", "struct"),
    [
        ("[defaults]\n", Defaults),
        ("[labels.Dog]\n", LabelRule),
        ("[[when]]\n", When),
        ("[[when]]\n[when.set]\n", Overrides),
        ("[[when]]\n[when.labels.'Dog']\n", LabelRule),
    ],
)
def test_every_key_of_a_table_is_offered_with_what_it_means(header: str, struct: type[Struct]) -> None:
    options = complete(header, "").options
    assert {option.name for option in options} == set(struct.__struct_fields__)
    assert all(option.about for option in options)


def test_every_key_in_the_example_is_offered_where_it_stands() -> None:
    found = 0
    for statement in statements(EXAMPLE):
        if (key := statement.keys[0]).name != "labels":
            words = ("Guitar", "music", "Person", "concert")
            offered = complete(EXAMPLE[: key.start], EXAMPLE[key.start :], words).options
            assert key.name in {option.name for option in offered}, EXAMPLE[key.start :][:40]
            found += 1
    assert found > 10


def test_what_is_offered_makes_valid_toml() -> None:
    """A key is followed by a value, a list or a header is closed."""
    for before, value in (
        ("[defaults]\n", "1\n"),
        ("[[when]]\nset.", "1\n"),
        ("[", "\n"),
        ("[[", "\n"),
        ("[labels.", "\n"),
    ):
        for insert in inserts(before):
            if not insert.endswith("."):
                tomllib.loads(before + insert + value)


@given(text=st.text(st.sampled_from("[]{}=\"'#,.a \nlabels"), max_size=40), at=st.integers(0, 40))
def test_no_text_stops_it(text: str, at: int) -> None:
    offer = complete(text[:at], text[at:], LABELS)
    assert text[:at].endswith(offer.typed) and text[at:].startswith(offer.rest)
