"""Categories on the command line: looked up in the imported list, refused where it has none."""

import json
from pathlib import Path

import pytest

from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.run_command import autotag, fake_environment

RULES = 'name = "acme"\n[categories.Pets]\nthreshold = 0.9\n'
PLACE = 'rules.toml:2: categories."Pets": '
NO_LIST = (
    f"{PLACE}found a category, and no imported list of labels that could have it, "
    "expected one of a list: autotag labels import FILE"
)
PROD = ("--stack", "prod")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("rules.toml").write_text(RULES)
    return tmp_path


@pytest.fixture
def ops() -> FakeOps:
    return FakeOps()


def listed(*rows: str) -> None:
    Path("labels.csv").write_text("\n".join(["label,category", *rows]))
    assert autotag("labels", "import", "labels.csv").exit_code == 0


def push(ops: FakeOps, *options: str) -> list[str]:
    result = autotag("rules", "push", "rules.toml", *options, *PROD, obj=fake_environment(ops))
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_without_a_list_check_warns_and_all_others_refuse(ops: FakeOps) -> None:
    check = autotag("rules", "check", "rules.toml")
    assert check.exit_code == 0 and check.stdout.splitlines() == [
        NO_LIST.replace(": ", ": warning: ", 1),
        "rules.toml: valid: rules acme, without a version while a category is not known",
    ]
    assert autotag("rules", "check", "--strict", "rules.toml").exit_code == 2
    for command in (
        ("rules", "push", "rules.toml", *PROD),
        ("decide", "--rules", "rules.toml", "--label", "Dog=0.9"),
        ("rules", "diff", "rules.toml", "rules.toml", "assets"),
    ):
        refused = autotag(*command, obj=fake_environment(ops))
        assert refused.exit_code == 2 and NO_LIST in refused.output
    assert ops.rule_store.publication.item is None


def test_a_push_stores_what_the_list_says_and_a_diff_names_what_moved_since(ops: FakeOps) -> None:
    listed("Dog,Pets", "Koala,Pets", "Car,Cars")
    (published,) = push(ops)
    item = ops.rule_store.publication.item
    assert item is not None and published == f"published: rules acme, version {item.hash[:12]}, seq 1"
    assert ops.rule_store.versions.sets[item.hash] == {"Pets": ("dog", "koala")}

    listed("Dog,Pets", "Cat,Pets", "Fish,Pets")
    diff = ("rules", "diff", "active", "rules.toml", "--stored", *PROD)
    assert 'categories."Pets": cat, fish joined, koala left\n' in autotag(*diff, obj=fake_environment(ops)).stdout
    found = json.loads(autotag(*diff, "--json", obj=fake_environment(ops)).stdout)
    assert found["categories"] == [{"category": "Pets", "joined": ["cat", "fish"], "left": ["koala"]}]
    assert found["old"]["version"] == item.hash != found["new"]["version"]

    push(ops)
    assert "categories" not in autotag(*diff, obj=fake_environment(ops)).stdout
    push(ops, "--categories-of", "1")
    last = ops.rule_store.publication.item
    assert last is not None and (last.hash, last.seq) == (item.hash, 3)


def test_files_are_decided_on_by_the_list(ops: FakeOps) -> None:
    listed("Dog,Pets")
    decided = autotag("decide", "--rules", "rules.toml", "--label", "Dog=0.85", "--label", "Car=0.85", "--json")
    labels = json.loads(decided.stdout)["labels"]
    assert [(each["label"], each["outcome"], each["because"]) for each in labels] == [
        ("Car", "kept", "defaults.threshold"),
        ("Dog", "below_threshold", 'categories."Pets".threshold'),
    ]


def test_what_rekognition_told_the_library_wins_over_the_list(ops: FakeOps) -> None:
    listed("Dog,Pets", "Koala,Pets")
    told("Wildlife")
    push(ops)
    item = ops.rule_store.publication.item
    assert item is not None and ops.rule_store.versions.sets[item.hash] == {"Pets": ("dog",)}


def test_check_and_push_warn_of_a_category_of_which_only_what_the_library_told_is_known(ops: FakeOps) -> None:
    told("Pets")
    sentence = (
        'rules.toml:2: warning: categories."Pets": found a category and no imported list: only 1 label that '
        "Rekognition told the library, expected one of a list: autotag labels import FILE"
    )
    assert autotag("rules", "check", "rules.toml").stdout.splitlines()[0] == sentence
    pushed = autotag("rules", "push", "rules.toml", *PROD, obj=fake_environment(ops))
    assert pushed.exit_code == 0 and sentence in pushed.stderr
    listed("Dog,Pets", "Cat,Pets")
    assert "warning" not in autotag("rules", "check", "rules.toml").stdout
    for options in (("--dry-run",), ()):
        pushed = autotag("rules", "push", "rules.toml", *options, *PROD, obj=fake_environment(ops))
        assert 'categories."Pets": cat, dog joined' in pushed.stderr


def told(category: str) -> None:
    """Say that Rekognition named this category for the label Koala."""
    Path(".autotag").mkdir(exist_ok=True)
    seen = {
        "autotag_labels": 1, "source": "prod", "provider": "", "assets": 1,
        "rules": {"name": "acme", "version": "0" * 64},
        "labels": [
            {
                "label": "Koala", "assets": 1, "p10": 0.9, "p50": 0.9, "p90": 0.9, "tagged": 0, "in_review": 0,
                "removed": 0, "rules": [], "categories": [category],
            }
        ],
    }  # fmt: skip
    Path(".autotag/seen.json").write_text(json.dumps(seen))


def test_an_earlier_push_without_the_category_has_no_labels_to_give(ops: FakeOps) -> None:
    ops.rule_store.push('name = "plain"\n')
    result = autotag("rules", "push", "rules.toml", "--categories-of", "1", *PROD, obj=fake_environment(ops))
    assert result.exit_code == 2
    assert f"{PLACE}found a category that push 1 did not have, expected one of that push" in result.output


@pytest.mark.parametrize("source", [("rules.toml",), ("active",)])
def test_suggest_reads_rules_that_name_a_category(ops: FakeOps, source: tuple[str]) -> None:
    listed("Dog,Pets")
    push(ops)
    item = ops.rule_store.publication.item
    assert item is not None
    suggest = ("rules", "suggest", *source, "--stored", *PROD)
    shown = autotag(*suggest, obj=fake_environment(ops))
    assert shown.exit_code == 0 and shown.stdout.startswith(f"acme {item.hash[:12]}\n"), shown.output
    told = json.loads(autotag(*suggest, "--json", obj=fake_environment(ops)).stdout)
    assert told["rules"] == {"name": "acme", "version": item.hash}
