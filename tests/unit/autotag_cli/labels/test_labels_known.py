"""``rules check`` warns of labels that Rekognition does not answer with, where labels are known, and never fails."""

from pathlib import Path

import pytest

from autotag.domain.model.labels import Categorization, Label
from autotag_cli.rules.starter.recipes import Recipe, recipes
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.labels.published_files import published, zipped
from tests.unit.autotag_cli.labels.test_labels_search import write_seen
from tests.unit.autotag_cli.run_command import autotag, fake_environment, objects
from tests.unit.autotag_cli.stats.test_stats import NOW, state

FIVE = """\
[defaults]
deny = ["Human", "Dog"]
allow = ["Kola", "Stage"]

[labels.Guitarr]
threshold = 0.6

[labels."Electric  guitar"]
tag = "guitar"

[[when]]
labels_any = ["Preformer", "Crowd"]
add = ["concert"]

[[when]]
folder = "x/**"
labels = { Automobil = { threshold = 0.9 } }
"""
FOUND = [
    'rules.toml:2: warning: defaults.deny[1]: found "Human", an alias of "Person" in label model 3.0: a rule on it '
    'never holds there, expected "Person"',
    'rules.toml:3: warning: defaults.allow[1]: found "Kola", not in label model 3.0, expected a label of Rekognition; '
    'did you mean "Koala"?',
    'rules.toml:5: warning: labels."Guitarr": found "Guitarr", not in label model 3.0, expected a label of '
    'Rekognition; did you mean "Guitar"?',
    'rules.toml:12: warning: when[1].labels_any[1]: found "Preformer", not in label model 3.0, expected a label of '
    'Rekognition; did you mean "Performer"?',
    'rules.toml:17: warning: when[2].labels."Automobil": found "Automobil", not in label model 3.0, expected a label '
    'of Rekognition; did you mean "Car"?',
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def imported() -> None:
    assert autotag("labels", "import", zipped(Path("list.zip"), published())).exit_code == 0


def unknown(text: str, *options: str) -> list[str]:
    """Return the warnings about labels that ``rules check`` prints of a text."""
    Path("rules.toml").write_text(text)
    result = autotag("rules", "check", "rules.toml", *options)
    assert result.exit_code == 0
    return [line for line in result.stdout.splitlines() if "Rekognition" in line or "an alias" in line]


def test_five_mistakes_in_labels_are_named_each_with_what_was_meant() -> None:
    imported()
    assert unknown(FIVE) == FOUND


def test_a_denied_name_may_be_the_tag_of_a_label_with_any_prefix_of_the_rules() -> None:
    imported()
    text = '[defaults]\ndeny = ["Person", "auto:crowd", "x-Dog"]\nprefix = "auto:"\n'
    assert ['"x-Dog", not in' in line for line in unknown(text)] == [True]
    assert unknown(f'{text}[[when]]\nfolder = "x"\nset.prefix = "x-"\n') == []
    assert len(unknown(text.replace("crowd", "crowwd"))) == 2
    assert len(unknown(text.replace("deny", "allow"))) == 2


def test_they_are_warnings_also_for_programs_and_fail_only_with_strict() -> None:
    imported()
    Path("rules.toml").write_text(FIVE)
    (found,) = objects(autotag("rules", "check", "rules.toml", "--json"))
    assert (found["valid"], found["faults"]) == (True, [])
    assert '"Guitar"' in {each["suggestion"] for each in found["warnings"]}
    assert autotag("rules", "check", "rules.toml", "--strict").exit_code == 2


@pytest.mark.parametrize("recipe", list(recipes()), ids=lambda recipe: recipe.name)
def test_the_shipped_recipes_have_no_such_warning(recipe: Recipe) -> None:
    imported()
    assert unknown(recipe.text) == []


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert unknown(FIVE) == []
    write_seen({})
    assert unknown(FIVE) == []


def test_labels_of_other_providers_are_nobodys_mistake() -> None:
    imported()
    assert unknown(FIVE.replace("deny =", 'providers = ["aws_rek_tagging", "google_tagging"]\ndeny =')) == []
    assert unknown(FIVE.replace("deny =", 'providers = ["imagga_tagging"]\ndeny =')) == []


def test_what_a_library_has_is_known_without_a_list() -> None:
    write_seen({"Guitar": 8, "Kola": 1})
    assert unknown(
        "[labels.Guitarr]\nthreshold = 0.6\n[labels.kola]\npriority = 1\n[labels.Zither]\npriority = 1\n"
    ) == [
        'rules.toml:1: warning: labels."Guitarr": found "Guitarr", never seen, expected a label of Rekognition; did '
        'you mean "Guitar"?',
        'rules.toml:5: warning: labels."Zither": found "Zither", never seen, expected a label of Rekognition',
    ]
    assert unknown("[labels.Guitarr]\npriority = 1\n", "--seen", ".autotag/seen.json") != []
    write_seen({"Guitar": 8}, provider="google_tagging")
    assert unknown("[labels.Guitarr]\npriority = 1\n") == []


def test_a_label_that_was_seen_or_is_in_the_list_is_known() -> None:
    imported()
    write_seen({"Oboe": 2})
    assert unknown("[defaults]\ndeny = ['Oboe', 'Koala']\n") == []
    assert "never seen and not in label model 3.0" in unknown("[defaults]\ndeny = ['Obo']\n")[0]


def test_the_stack_itself_can_be_asked() -> None:
    ops = FakeOps()
    found = {
        "aws_rek_tagging": Categorization("complete", (Label("Oboe", 0.9),), NOW),
        "google_tagging": Categorization("complete", (Label("Lute", 0.9),), NOW),
    }
    ops.states = {"a": state(0, categorizations=found)}
    Path("rules.toml").write_text("[defaults]\ndeny = ['Oboe', 'Obo', 'Lute']\n")
    result = autotag("rules", "check", "rules.toml", "--stored", "--stack", "prod", obj=fake_environment(ops))
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if "never seen" in line] == [
        'rules.toml:2: warning: defaults.deny[2]: found "Obo", never seen, expected a label of Rekognition; did you '
        'mean "Oboe"?',
        'rules.toml:2: warning: defaults.deny[3]: found "Lute", never seen, expected a label of Rekognition',
    ]
    refused = autotag("rules", "check", "rules.toml", "--stored", "--seen", "x.json")
    assert refused.exit_code == 2 and "--seen: has no meaning with --stored" in refused.stderr


def test_names_of_tags_need_not_be_labels() -> None:
    imported()
    assert (
        unknown("""\
[defaults]
deny = ["strings", "concert", "auto:music"]
prefix = "auto:"
[labels.Guitar]
tag = "music"
parents = ["strings", "things"]
[labels.things]
parents = ["everything"]
[[when]]
folder = "x"
add = ["concert"]
""")
        == []
    )
    assert len(unknown('[defaults]\nallow = ["strings"]\n[labels.Guitar]\nparents = ["strings"]\n')) == 1


def test_an_alias_beside_its_label_is_fine_and_a_label_is_never_an_alias() -> None:
    imported()
    assert (
        unknown('[defaults]\ndeny = ["human", "Person"]\n[labels.Human]\ntag = "x"\n[labels.PERSON]\ntag = "x"\n') == []
    )
    assert len(unknown('[defaults]\ndeny = ["human"]\n[labels.Person]\ntag = "x"\n')) == 1
    write_seen({"Human": 8})
    assert len(unknown('[defaults]\ndeny = ["Human"]\n')) == 1


def test_push_says_what_check_says() -> None:
    imported()
    ops = FakeOps()
    Path("rules.toml").write_text(FIVE)
    result = autotag("rules", "push", "rules.toml", "--stack", "prod", obj=fake_environment(ops))
    assert result.exit_code == 0
    assert [line for line in result.stderr.splitlines() if line in FOUND] == FOUND
