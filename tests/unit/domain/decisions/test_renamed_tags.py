"""Which lost and gained tags are one tag under two names."""

import pytest

from autotag.domain.decisions.compare import changed_tags
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.parse import parse_rules

LABELS = {"aws_rek_tagging": (Label("Guitar", 0.9), Label("Human", 0.8), Label("Person", 0.75))}
NONE = Subject(folder="", format="", context={}, user_tags=(), managed_tags=frozenset(), suppressed=frozenset())


@pytest.mark.parametrize(
    ("old", "new", "renamed"),
    [
        ("", '[defaults]\ncase = "lower"', [("Guitar", "guitar"), ("Human", "human"), ("Person", "person")]),
        ("", '[labels.Guitar]\ntag = "gitarre"', [("Guitar", "gitarre")]),
        (
            "",
            '[labels.Human]\ntag = "people"\n[labels.Person]\ntag = "people"',
            [("Human", "people"), ("Person", "people")],
        ),
        ('[labels.Guitar]\ntag = "x"', '[labels.Guitar]\ntag = "y"', [("x", "y")]),
        ("", '[defaults]\ndeny = ["Guitar"]\n[[when]]\nadd = ["music"]', []),
        ("", "[defaults]\nthreshold = 0.85", []),
        ("", '[labels.Guitar]\nparents = ["music"]', []),
        ("", '[defaults]\ndeny = ["Guitar"]\n[labels.Human]\nparents = ["music"]', []),
    ],
)  # fmt: skip
def test_a_rename_is_a_lost_tag_whose_label_gives_a_gained_one(
    old: str, new: str, renamed: list[tuple[str, str]]
) -> None:
    before, after = Ruleset(parse_rules(old)), Ruleset(parse_rules(new))

    assert list(changed_tags(LABELS, NONE, before, after).renamed) == renamed
