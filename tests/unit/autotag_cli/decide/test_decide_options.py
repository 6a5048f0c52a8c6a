"""The options of ``autotag decide``: rules, and facts that the input does not tell."""

import json
import os
from pathlib import Path

import pytest

from tests.unit.autotag_cli.decide.decide_samples import BODIES, RESPONSES, UPLOAD_SNIPPET, decide_json, tags_of
from tests.unit.autotag_cli.run_command import autotag, objects


def labels(**confidence: float) -> str:
    data = [{"tag": name, "confidence": value} for name, value in confidence.items()]
    return json.dumps({"info": {"categorization": {"aws_rek_tagging": {"status": "complete", "data": data}}}})


@pytest.fixture
def zoo(tmp_path: Path) -> Path:
    """Rules that want more confidence in one folder."""
    path = tmp_path / "zoo.toml"
    path.write_text('[[when]]\nname = "zoo"\nfolder = "zoo/**"\nset = { threshold = 0.90 }\n', encoding="utf-8")
    return path


def test_an_info_notification_is_decided_by_the_folder_in_its_public_id(zoo: Path) -> None:
    result = autotag("decide", BODIES / "info-complete.json", "--rules", zoo)

    assert result.exit_code == 0
    assert 'when[1] "zoo".set.threshold' in result.stdout
    assert "An info notification has no folder" in result.stderr


@pytest.mark.parametrize("option", [("--folder", "zoo/night/"), ("--public-id", "zoo/fox")])
def test_a_person_may_tell_the_folder(zoo: Path, option: tuple[str, str]) -> None:
    text = labels(Animal=0.85)

    assert tags_of(decide_json("--rules", zoo, "-", stdin=text)) == ["Animal"]
    assert tags_of(decide_json("--rules", zoo, *option, "-", stdin=text)) == []


def test_a_person_may_tell_the_other_facts_too(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[when]]\nname = "press"\nformat = ["png"]\ntags_any = ["press"]\ncontext = { license = "editorial" }\n'
        'add = ["reviewed"]\n'
    )
    facts = ("--format", "png", "--tag", "press", "--context", "license=editorial")

    printed = decide_json("--rules", rules, *facts, "-", stdin=labels(Tree=0.9))

    assert tags_of(printed) == ["Tree", "reviewed"]
    assert printed["tags"]["before"] == ["press"]
    assert tags_of(decide_json("--rules", rules, "-", stdin=labels(Tree=0.9))) == ["Tree"]


def test_a_person_may_tell_what_the_service_wrote_and_what_people_removed(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text('[labels.Axe]\ntag = "guitar"\n')
    given = ("--label", "Axe=0.9", "--label", "Stage=0.8", "--ours", "Stage", "--ours", "Old", "--removed", "GUITAR")
    (printed,) = objects(autotag("decide", "--rules", tmp_path / "r.toml", *given, "--json"))

    assert printed["tags"] == {"before": ["Stage", "Old"], "added": [], "removed": ["Old"], "review": []}
    assert {label["label"]: label["outcome"] for label in printed["labels"]} == {"Axe": "suppressed", "Stage": "kept"}


def test_own_rules_say_what_to_review(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('name = "acme"\n[defaults]\nthreshold = 0.7\nreview = 0.5\ncase = "lower"\n')

    result = autotag("decide", RESPONSES / "upload-guitarist.json", "--rules", rules)

    shown = " ".join(result.stdout.split())
    assert "to review musician, performer" in shown
    assert "rules acme" in shown


def test_a_rule_that_leaves_an_asset_alone_is_an_answer(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[when]]\nname = "theirs"\nskip = true\n')

    result = autotag("decide", "--rules", rules, "-", stdin=labels(Tree=0.9))

    assert result.exit_code == 0
    assert 'when[1] "theirs".skip leaves these assets alone' in result.stdout


@pytest.mark.parametrize(("option", "expected"), [("--context", "KEY=VALUE"), ("--metadata", "ID=VALUE")])
def test_context_and_metadata_must_be_pairs(option: str, expected: str) -> None:
    result = autotag("decide", option, "license", "-", stdin=UPLOAD_SNIPPET)

    assert result.exit_code == 2
    assert option in result.stderr and f"expected {expected}" in result.stderr


def test_a_person_may_tell_the_metadata_and_several_values_of_one_field(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[when]]\nmetadata = { licence = "press", use = ["tv", "web"] }\nadd = ["reviewed"]\n')
    given = ("decide", "--rules", rules, "--label", "Tree=0.9", "--metadata", "licence=press", "--json")

    (printed,) = objects(autotag(*given, "--metadata", "use=print", "--metadata", "use=web"))
    assert tags_of(printed) == ["Tree", "reviewed"]
    (printed,) = objects(autotag(*given, "--metadata", "use=print"))
    assert tags_of(printed) == ["Tree"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--label", "Guitar=0.9", "--lines"), "--lines: has no meaning with --label, which reads no file"),
        (("-", "--json", "--tables"), "--tables: has no meaning with --json, which prints no table"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(given: tuple[str, ...], sentence: str) -> None:
    result = autotag("decide", *given, stdin=UPLOAD_SNIPPET)
    assert (result.exit_code, result.stdout) == (2, "") and sentence in result.stderr


@pytest.mark.parametrize(
    "option",
    ["--public-id", "--folder", "--format", "--tag", "--ours", "--removed", "--context", "--metadata", "--label"],
)
def test_an_option_that_is_not_utf8_is_named(option: str) -> None:
    odd = os.fsdecode(b"\xff=0.9")
    inputs = ["--label", "Guitar=0.9"] if option == "--label" else [str(RESPONSES / "upload-guitarist.json")]
    result = autotag("decide", *inputs, option, odd)
    assert result.exit_code == 2 and f"{option}: expected UTF-8" in result.stderr


@pytest.mark.parametrize(
    "given",
    [
        ("--tag", "a", "--tag", "b", "--tag", "c"),
        ("--tag", "a,b", "--tag", "c"),
        ("--tags", "a, b", "--tags", "c,a"),
        ("--tags", "a,b,,c,"),
    ],
)
def test_lists_of_tags_repeat_and_all_are_kept(given: tuple[str, ...]) -> None:
    assert decide_json("-", *given, stdin=labels(Tree=0.9))["tags"]["before"] == ["a", "b", "c"]


def test_lists_of_tags_of_the_service_and_of_removals_repeat_too() -> None:
    given = ("--label", "Tree=0.9", "--label", "Sky=0.9", "--ours", "Old,Older", "--ours", "Oak")
    (printed,) = objects(autotag("decide", *given, "--removed", "tree,x", "--removed", "SKY", "--json"))

    assert printed["tags"]["added"] == []
    assert printed["tags"]["removed"] == ["Oak", "Old", "Older"]
