"""A version names what the rules say, in this release and in the next."""

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.rules.parse import parse_rules, rules_version
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.versions import StoredVersion, rulebook_of, ruleset_of

ACME = """
name = "acme"
[defaults]
threshold = 0.8
deny = ["Human"]
[labels.Guitar]
tag = "instrument"
[[when]]
folder = "stage/**"
set = { max_tags = 5 }
"""


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("", "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
        (ACME, "82c565f8f6e92d1bf6d65598b49b6a2ff523d686836af5ae8d57f2a314b26c2e"),
    ],
    ids=["nothing", "acme"],
)
def test_versions_that_are_stored_stay_what_they_are(text: str, version: str) -> None:
    # should this fail after a change of the grammar, every stored version would be refused after the next deploy
    assert rules_version(parse_rules(text)) == version


@pytest.mark.parametrize(
    "text",
    [
        "[defaults]",
        "labels = {}\nwhen = []",
        "[defaults]\nthreshold = 7e-1\nmax_tags = 1000\nproviders = ['aws_rek_tagging']\ndeny = []",
        'name = "default"',
    ],
)
def test_what_says_no_more_than_the_defaults_is_the_same_version(text: str) -> None:
    assert rules_version(parse_rules(text)) == rules_version(Rules())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[labels.A]\nparents = []", "[labels.A]"),  # no parents, against those of the settings below
        ("[labels.A]", ""),
        ("[[when]]\nadd = ['x']\n[[when]]\nadd = ['x']", "[[when]]\nadd = ['x']"),
        ("[defaults]\ndeny = ['A', 'B']", "[defaults]\ndeny = ['B', 'A']"),
    ],
)
def test_what_says_more_is_another_version(one: str, other: str) -> None:
    assert rules_version(parse_rules(one)) != rules_version(parse_rules(other))


def test_a_stored_text_is_read_as_the_version_that_it_is() -> None:
    version = rules_version(parse_rules(ACME))
    assert rulebook_of(version, ACME).name == "acme"
    assert rulebook_of(version, f"# a comment\n{ACME}").version == version


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "this version is not stored"),
        ("", "the stored text is of version 44136fa355b3"),
        ("thresold = 1", "thresold"),
    ],
)
def test_any_other_text_is_refused(text: str | None, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as fault:
        ruleset_of("f" * 64, None if text is None else StoredVersion(text))
    assert fault.value.where == "rules ffffffffffff"
