"""The grammar: what a rules file may say, and a sentence that names the place where it says something else."""

from pathlib import Path

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules, rules_version
from autotag.domain.rules.schema import Defaults, LabelRule, Overrides, Rules, When

EVERYTHING = """
name = "acme"

[defaults]
threshold = 0.70
review = 0.50
max_tags = 20
case = "lower"
prefix = "auto:"
mode = "dry_run"
providers = ["aws_rek_tagging", "google_tagging"]
deny = ["Human", "Person"]
allow = ["Guitar"]

[labels."Electric Guitar"]
threshold = 0.60
tag = "guitar"
parents = ["music"]
priority = 10

[[when]]
name = "stage photos"
folder = "stage/**"
format = ["jpg", "png"]
tags_any = ["press"]
context = { license = "editorial" }
labels_any = ["Guitar"]
set = { threshold = 0.60, review = 0.4, max_tags = 5, case = "title", prefix = "", mode = "apply" }
labels = { Person = { threshold = 0.99 } }
add = ["concert"]
skip = true
"""


def test_every_key_is_read() -> None:
    assert parse_rules(EVERYTHING) == Rules(
        name="acme",
        defaults=Defaults(
            threshold=0.7,
            review=0.5,
            max_tags=20,
            case="lower",
            prefix="auto:",
            mode="dry_run",
            providers=("aws_rek_tagging", "google_tagging"),
            deny=("Human", "Person"),
            allow=("Guitar",),
        ),
        labels={"Electric Guitar": LabelRule(0.6, "guitar", ("music",), 10)},
        when=(
            When(
                name="stage photos",
                folder="stage/**",
                format=("jpg", "png"),
                tags_any=("press",),
                context={"license": "editorial"},
                labels_any=("Guitar",),
                set=Overrides(0.6, 0.4, 5, "title", "", "apply"),
                labels={"Person": LabelRule(threshold=0.99)},
                add=("concert",),
                skip=True,
            ),
        ),
    )


def test_an_empty_file_is_all_defaults() -> None:
    assert parse_rules("") == Rules()


def test_the_shipped_file_is_valid_and_says_what_it_promises() -> None:
    shipped = Path(__file__).parents[4] / "src" / "autotag" / "default_rules.toml"
    rules = parse_rules(shipped.read_text(encoding="utf-8"))
    assert (rules.defaults.threshold, rules.defaults.case) == (0.7, "keep")
    assert (rules.when, rules.labels) == ((), {})  # a team's folders and labels are in its own file


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('name = ""', "name"),
        (f'name = "{"x" * 101}"', "name"),
        ("name = 7", "name"),
        ("thresold = 0.7", "thresold"),
        ("[default]", "default"),
        ("[defaults]\nthresold = 0.7", "thresold"),
        ("[defaults]\nthreshold = 1.01", "defaults.threshold"),
        ("[defaults]\nthreshold = -0.01", "defaults.threshold"),
        ("[defaults]\nthreshold = nan", "defaults.threshold"),
        ("[defaults]\nthreshold = inf", "defaults.threshold"),
        ('[defaults]\nthreshold = "0.7"', "defaults.threshold"),
        ("[defaults]\nthreshold = true", "defaults.threshold"),
        ("[defaults]\nreview = 2", "defaults.review"),
        ("[defaults]\nmax_tags = -1", "defaults.max_tags"),
        ("[defaults]\nmax_tags = 1001", "defaults.max_tags"),
        ("[defaults]\nmax_tags = 1.5", "defaults.max_tags"),
        ('[defaults]\ncase = "upper"', "defaults.case"),
        ('[defaults]\nprefix = "a,b"', "defaults.prefix"),
        (f'[defaults]\nprefix = "{"x" * 65}"', "defaults.prefix"),
        ('[defaults]\nmode = "off"', "defaults.mode"),
        ('[defaults]\nproviders = ["clarifai"]', "defaults.providers"),
        ('[defaults]\nproviders = "aws_rek_tagging"', "defaults.providers"),
        ("[defaults]\nproviders = []", "defaults.providers"),
        ('[defaults]\ndeny = "Human"', "defaults.deny"),
        ("[defaults]\nallow = [7]", "defaults.allow"),
        ("[labels.Guitar]\nthreshold = 2", "threshold"),
        ("[labels.Guitar]\nthresold = 0.6", "thresold"),
        ('[labels.Guitar]\ntag = ""', "tag"),
        ('[labels.Guitar]\ntag = " "', "tag"),
        ('[labels.Guitar]\ntag = "a,b"', "tag"),
        (f'[labels.Guitar]\ntag = "{"x" * 256}"', "tag"),
        ('[labels.Guitar]\nparents = "music"', "parents"),
        ('[labels.Guitar]\nparents = ["a,b"]', "parents"),
        ("[labels.Guitar]\npriority = 1.5", "priority"),
        ("labels = { Guitar = 0.6 }", "labels"),
        ("[when]\nfolder = 'stage'", "when"),
        ("[[when]]\nfolders = 'stage'", "folders"),
        ("[[when]]\nname = 7", "when"),
        ("[[when]]\nfolder = ['stage']", "folder"),
        ("[[when]]\nformat = 'jpg'", "format"),
        ("[[when]]\nformat = []", "format"),
        ("[[when]]\ntags_any = 'press'", "tags_any"),
        ("[[when]]\ntags_any = []", "tags_any"),
        ("[[when]]\ncontext = { n = 7 }", "context"),
        ("[[when]]\nlabels_any = [1]", "labels_any"),
        ("[[when]]\nlabels_any = []", "labels_any"),
        ("[[when]]\nset = { deny = ['x'] }", "deny"),
        ("[[when]]\nset = { threshold = 7 }", "set.threshold"),
        ("[[when]]\nset = { review = -1 }", "set.review"),
        ("[[when]]\nset = { max_tags = 1001 }", "set.max_tags"),
        ("[[when]]\nset = { case = 'x' }", "set.case"),
        ("[[when]]\nset = { prefix = ',' }", "set.prefix"),
        ("[[when]]\nset = { mode = 'x' }", "set.mode"),
        ("[[when]]\nlabels = { Person = { threshold = 2 } }", "labels"),
        ("[[when]]\nadd = 'concert'", "add"),
        ("[[when]]\nadd = ['a,b']", "add"),
        ("[[when]]\nadd = ['']", "add"),
        ("[[when]]\nskip = 'yes'", "skip"),
    ],
)
def test_every_key_refuses_what_it_does_not_take(text: str, where: str) -> None:
    with pytest.raises(Invalid) as fault:
        parse_rules(text, "acme.toml")
    assert fault.value.where == "acme.toml" and where in fault.value.expected


@pytest.mark.parametrize("text", ["name =", "[defaults", "name = 1\nname = 2", "a = [" * 3000, "\x00", "= 1"])
def test_what_is_no_toml_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"acme\.toml"):
        parse_rules(text, "acme.toml")


def test_the_version_is_of_what_the_rules_say_not_of_how_they_are_written() -> None:
    other = """
        # the same, in another order, with comments and other numbers for the same values
        when = [{ skip = false, set = { threshold = 6e-1 }, folder = 'stage/**' }]
        labels = { "Electric Guitar" = { tag = 'guitar', threshold = 0.60 }, B = { priority = 1 } }
        defaults.threshold = 1
    """
    one = """
        [defaults]
        threshold = 1.0
        [labels.B]
        priority = 1
        [labels."Electric Guitar"]
        threshold = 0.6
        tag = "guitar"
        [[when]]
        folder = "stage/**"
        set.threshold = 0.6
    """
    assert rules_version(parse_rules(one)) == rules_version(parse_rules(other))
    assert Ruleset(parse_rules(one)).version == rules_version(parse_rules(one))


@pytest.mark.parametrize(
    "change",
    [
        'name = "acme"',
        "[defaults]\nthreshold = 0.71",
        "[defaults]\nreview = 0.5",
        '[defaults]\nmode = "dry_run"',
        "[labels.A]\npriority = 1",
        "[[when]]\nskip = true",
        "[[when]]\nskip = true\n[[when]]\nadd = ['x']",
        "[[when]]\nadd = ['x']\n[[when]]\nskip = true",
    ],
)
def test_every_change_of_meaning_is_another_version(change: str) -> None:
    versions = {rules_version(parse_rules(text)) for text in ("", change)}
    assert len(versions) == 2 and all(len(version) == 64 for version in versions)


def test_the_order_of_blocks_is_part_of_the_version() -> None:
    a, b = "[[when]]\nadd = ['x']\n", "[[when]]\nskip = true\n"
    assert rules_version(parse_rules(a + b)) != rules_version(parse_rules(b + a))
