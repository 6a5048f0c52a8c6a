"""``autotag labels``: the same counts from the stack and from both forms of an export, with their rules."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.labels import PROVIDERS, Categorization, Label
from autotag.domain.state.asset_state import AssetState, TagPreference
from tests.unit.autotag_cli.fake_ops import FakeOps, refusal
from tests.unit.autotag_cli.run_command import autotag, fake_environment
from tests.unit.autotag_cli.stats.test_stats import NOW, state

RULES = """
name = "acme"
[defaults]
threshold = 0.7
deny = ["Person"]
[labels.Guitar]
tag = "six strings"
[[when]]
folder = "zoo"
labels = { Guitar = { threshold = 0.9 } }
"""


def labeled(number: int, labels: dict[str, float], **changes: Any) -> AssetState:
    found = Categorization("complete", tuple(Label(*each) for each in labels.items()), NOW)
    return state(number, categorizations={"aws_rek_tagging": found}, managed_tags={}, review=(), people={}, **changes)


@pytest.fixture
def ops() -> FakeOps:
    """Ten pictures with guitars, of which six are tagged, one was asked about, and a person removed two tags."""
    found = FakeOps()
    found.rule_store.push(RULES)
    states = [labeled(n, {"Guitar": n / 10, "Person": 0.99}) for n in range(10)]
    states[4:] = [replace(each, managed_tags={"six strings": ("guitar",)}) for each in states[4:]]
    states[3] = replace(states[3], review=("Six Strings",))
    for n in (0, 1):
        states[n] = replace(states[n], people={"x": TagPreference("remove", NOW, "six strings", ("guitar",))})
    google = {"google_tagging": Categorization("complete", (Label("guitar", 0.95), Label("Lute", 0.3)), NOW)}
    states.append(state(10, categorizations=google, managed_tags={}, review=(), people={}))
    found.states = {each.asset.asset_id: each for each in states}
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def source(form: str, ops: FakeOps) -> list[str]:
    if form == "stored":
        return ["--stored", "--stack", "prod"]
    Path("rules.toml").write_text(RULES)
    exported = autotag("export", f"library.{form}", "--stack", "prod", obj=fake_environment(ops))
    assert exported.exit_code == 0
    return [f"library.{form}", "--rules", "rules.toml"]


@pytest.mark.parametrize("form", ["stored", "jsonl", "parquet"])
def test_each_label_has_its_counts_quantiles_and_rules(form: str, ops: FakeOps) -> None:
    result = autotag("labels", *source(form, ops), "--json", obj=fake_environment(ops))

    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert (found["autotag_labels"], found["assets"], found["provider"], found["rules"]["name"]) == (1, 11, "", "acme")
    assert found["source"] == ("prod" if form == "stored" else f"library.{form}")
    assert found["labels"] == [
        {
            "label": "Guitar", "assets": 11, "p10": 0.1, "p50": 0.5, "p90": 0.9,
            "tagged": 6, "in_review": 1, "removed": 2, "rules": ['labels."Guitar"', 'when[1].labels."Guitar"'],
            "categories": [],
        },
        {
            "label": "Person", "assets": 10, "p10": 0.99, "p50": 0.99, "p90": 0.99,
            "tagged": 0, "in_review": 0, "removed": 0, "rules": ["defaults.deny"], "categories": [],
        },
        {
            "label": "Lute", "assets": 1, "p10": 0.3, "p50": 0.3, "p90": 0.3,
            "tagged": 0, "in_review": 0, "removed": 0, "rules": [], "categories": [],
        },
    ]  # fmt: skip


def test_a_rule_for_a_category_is_one_of_each_of_its_labels(ops: FakeOps) -> None:
    ops.rule_store.push(f"{RULES}[categories.Music]\nthreshold = 0.6\n", {"Music": ("guitar", "lute")})
    result = autotag("labels", *source("stored", ops), "--json", obj=fake_environment(ops))
    assert {each["label"]: each["rules"] for each in json.loads(result.stdout)["labels"]} == {
        "Guitar": ['labels."Guitar"', 'when[1].labels."Guitar"', 'categories."Music"'],
        "Person": ["defaults.deny"],
        "Lute": ['categories."Music"'],
    }


@pytest.mark.parametrize("form", ["stored", "jsonl", "parquet"])
def test_one_provider_is_counted_alone_and_rare_labels_are_only_in_the_file(form: str, ops: FakeOps) -> None:
    command = (
        "labels",
        "list",
        *source(form, ops),
        "--provider",
        "google_tagging",
        "--min",
        "2",
        "--out",
        "x/seen.json",
    )
    result = autotag(*command, obj=fake_environment(ops))

    assert (result.exit_code, result.stderr) == (0, "x/seen.json: 2 labels\n")
    assert "None is on 2 assets or more." in result.stdout
    written = json.loads(Path("x/seen.json").read_text())
    assert written["provider"] == "google_tagging"
    assert [(each["label"], each["assets"]) for each in written["labels"]] == [("Lute", 1), ("guitar", 1)]


@pytest.mark.parametrize("name", ["nosuch", "Rekognition", ""])
def test_a_provider_that_there_is_none_of_is_refused_with_those_there_are(name: str, ops: FakeOps) -> None:
    result = autotag("labels", *source("stored", ops), "--provider", name, obj=fake_environment(ops))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"autotag: --provider: expected one of {', '.join(sorted(PROVIDERS))}, not {name!r}\n"


def test_the_table_has_a_line_for_each_label(ops: FakeOps) -> None:
    result = autotag("labels", *source("stored", ops), "--min", "2", obj=fake_environment(ops))
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]

    assert lines[0].startswith("3 labels on 11 assets of prod, rules acme ")
    assert lines[2:] == [
        "Label Assets p10 p50 p90 Tagged Review Removed Rule",
        'Guitar 11 0.10 0.50 0.90 55% 1 2 labels."Guitar", when[1].labels."Guitar"',
        "Person 10 0.99 0.99 0.99 0% 0 0 defaults.deny",
        "… 1 more on fewer than 2 assets",
    ]


def test_a_stack_without_labels_says_so(ops: FakeOps) -> None:
    ops.states = {}
    result = autotag("labels", "--stored", "--stack", "prod", obj=fake_environment(ops))
    assert result.exit_code == 0 and result.stdout.startswith("0 labels on 0 assets of prod, rules acme ")


def test_without_rules_an_export_is_shown_under_the_shipped_ones(ops: FakeOps) -> None:
    found = json.loads(autotag("labels", source("jsonl", ops)[0], "--json").stdout)
    assert found["rules"]["name"] == "default"
    assert {each["label"]: each["tagged"] for each in found["labels"]} == {"Guitar": 0, "Person": 0, "Lute": 0}


def test_the_options_of_the_stack_may_come_first(ops: FakeOps) -> None:
    result = autotag("labels", "--stack", "prod", "--stored", "--json", obj=fake_environment(ops))
    assert json.loads(result.stdout)["assets"] == 11


@pytest.mark.parametrize("arguments", [(), ("--stored", "x.jsonl"), ("--json",)])
def test_what_is_counted_has_to_be_said_once(arguments: tuple[str, ...]) -> None:
    result = autotag("labels", *arguments)
    assert result.exit_code == 2
    assert "expected either --stored, or files written by autotag export" in result.stderr


def test_a_file_of_another_kind_and_a_stack_that_refuses_are_one_sentence(ops: FakeOps) -> None:
    Path("notes.txt").write_text("Guitar")
    result = autotag("labels", "notes.txt")
    assert (result.exit_code, result.stderr) == (2, "autotag: notes.txt: expected a file written by autotag export\n")
    Path("bad.parquet").write_bytes(b"PAR1" + b"0" * 100)
    result = autotag("labels", "bad.parquet")
    assert result.exit_code == 2 and result.stderr.startswith("autotag: bad.parquet: cannot be read as Parquet (")
    refused = fake_environment(lambda url, headers, body: refusal(403, "not yours"))
    result = autotag("labels", "--stored", "--stack", "prod", obj=refused)
    assert result.exit_code == 1 and "AWS does not let you view on 'prod'" in result.stderr


def test_a_file_that_cannot_be_written_is_one_sentence(ops: FakeOps) -> None:
    Path("x").write_text("")
    result = autotag("labels", *source("jsonl", ops), "--out", "x/seen.json")
    assert result.exit_code == 2 and result.stderr.startswith("autotag: x/seen.json: cannot be written (")


def test_help_names_all_three_commands() -> None:
    result = autotag("labels", "--help")
    assert result.exit_code == 0
    assert all(f"  {name} " in result.stdout for name in ("list", "search", "import"))
