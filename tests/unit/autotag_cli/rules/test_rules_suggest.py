"""``autotag rules suggest``: from a stack or from an export, a table for people and a rules file ready to push."""

import json
from pathlib import Path

import pytest

from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.made_up_history import Known, history, rules_text, unjudged
from tests.unit.autotag_cli.run_command import autotag, fake_environment

LABELS = {
    "Guitar": Known(right=0.82, old=0.7, judged=200, noisy=2),
    "Dog": Known(right=0.45, old=0.7, judged=100),
    "Cat": Known(right=0.7, old=0.7, judged=100),
    "Cow": Known(right=0.5, old=0.7, judged=8),
}
STORED = ("--stored", "--stack", "prod")


@pytest.fixture
def ops() -> FakeOps:
    found = FakeOps()
    found.states = {state.asset.asset_id: state for state in history(LABELS, 1)}
    return found


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(rules_text(LABELS))
    return path


def test_right_thresholds_are_proposed_with_their_reasons(ops: FakeOps, rules: Path) -> None:
    result = autotag("rules", "suggest", rules, *STORED, "--json", obj=fake_environment(ops))

    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found["rules"]["name"] == "acme"
    assert (found["assets"], found["assets_with_verdicts"], found["wrong_costs"]) == (408, 408, 1)
    assert found["not_proposed"] == {"unwanted": 0, "unasked": 0, "thin": 1, "fine": 1, "unsure": 0}
    assert found["not_counted"] == {}
    guitar, dog = found["proposals"]
    assert (guitar["label"], dog["label"]) == ("Guitar", "Dog")
    assert guitar["threshold"] == {"old": 0.7, "new": pytest.approx(0.82, abs=0.04)}
    assert dog["threshold"] == {"old": 0.7, "new": pytest.approx(0.45, abs=0.04)}
    said = guitar["verdicts"]["sample"]
    assert said["right"] + said["wrong"] == guitar["counted"] == 200
    assert guitar["gain"] >= found["least"]["gain"] and guitar["sure"] >= found["least"]["sure"]
    old, new = guitar["precision"]["old"], guitar["precision"]["new"]
    assert old["low"] < old["expected"] < old["high"] and old["expected"] < new["expected"] <= new["high"]
    assert len(guitar["said_wrong"]) == 10 and guitar["said_wrong"][0]["kind"] == "sample"
    thin = next(each for each in found["others"] if each["why"] == "thin")
    assert (thin["label"], thin["missing"]) == ("Cow", 12)


def test_tags_that_come_and_go_are_counted_in_the_whole_library(ops: FakeOps, rules: Path, tmp_path: Path) -> None:
    unjudged_too(ops)
    out = tmp_path / "new.toml"
    result = autotag("rules", "suggest", rules, *STORED, "--out", out, "--json", obj=fake_environment(ops))
    found = {each["label"]: each for each in json.loads(result.stdout)["proposals"]}
    diff = autotag("rules", "diff", rules, out, *STORED, "--json", obj=fake_environment(ops))
    counted = {tag["tag"]: (tag["gained"], tag["lost"]) for tag in json.loads(diff.stdout)["tags"]}

    assert {name: (each["come"]["tags"], each["go"]["tags"]) for name, each in found.items()} == counted
    for each in found.values():
        right = each["come"]["right"]
        assert 0 <= right["low"] <= right["expected"] <= right["high"] <= each["come"]["tags"]
    assert found["Dog"]["come"]["tags"] > 0 and found["Guitar"]["go"]["tags"] > 0


def test_an_asset_is_read_once_and_nothing_is_written(ops: FakeOps, rules: Path) -> None:
    autotag("rules", "suggest", rules, *STORED, obj=fake_environment(ops))

    call = [body for _, _, body in ops.received]
    assert {body["op"] for body in call} == {"scan"} and len(call) == 4


def test_the_table_is_for_people(ops: FakeOps, rules: Path) -> None:
    result = autotag("rules", "suggest", rules, *STORED, obj=fake_environment(ops))

    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0].startswith("acme ")
    assert lines[2:6] == [
        "People's verdicts on 408 of 408 assets count.",
        "A wrong tag is as bad as a missing one (--wrong-costs).",
        "Another threshold is better, almost surely, for 2 labels.",
        "Come, go: tags that would be added to and removed from the whole library. "
        "Right now, then: the share of right tags (95% interval).",
    ]
    assert lines[7] == "Label Threshold Come right of them Go right of them Right now then"
    assert lines[8].startswith("Guitar 0.70 → 0.8") and lines[9].startswith("Dog 0.70 → 0.4")
    assert lines[11].startswith("Guitar: 200 verdicts, such as right on a") and "; wrong on a" in lines[11]
    assert lines[14:16] == [
        "1 label: there are too few verdicts (so many more are needed: Cow 12)",
        "1 label: no other threshold is expected to be much better",
    ]
    assert lines[17] == "Next:" and lines[18:][::2] == [
        "write the rules with these thresholds into suggested.toml:",
        "see what would change:",
        "put them in use for new pictures:",
        "then see what that changes on pictures that are there:",
        "ask people about random pictures where too little is known:",
    ]
    assert lines[19:][::2] == [
        f"autotag rules suggest {rules} --stored --out suggested.toml",
        f"autotag rules diff {rules} suggested.toml --stored",
        "autotag rules push suggested.toml",
        "autotag retag --dry-run",
        "autotag review sample --labels Cow",
    ]


def test_the_file_is_the_rules_with_the_new_thresholds_alone(ops: FakeOps, rules: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.toml"

    result = autotag("rules", "suggest", rules, *STORED, "--out", out, "--json", obj=fake_environment(ops))

    new = {each["label"]: each["threshold"]["new"] for each in json.loads(result.stdout)["proposals"]}
    expected = rules.read_text()
    for name, threshold in new.items():
        expected = expected.replace(f"[labels.{name}]\nthreshold = 0.7 ", f"[labels.{name}]\nthreshold = {threshold} ")
    assert out.read_text() == expected
    assert result.stderr == f"{out}: the rules with these thresholds\n"
    assert autotag("rules", "check", out).exit_code == 0
    unjudged_too(ops)
    diff = autotag("rules", "diff", rules, out, *STORED, "--json", obj=fake_environment(ops))
    changes = {tag["tag"]: (tag["gained"] > 0, tag["lost"] > 0) for tag in json.loads(diff.stdout)["tags"]}
    assert changes == {"Guitar": (False, True), "Dog": (True, False)}
    pushed = autotag("rules", "push", out, "--stack", "prod", obj=fake_environment(ops))
    assert pushed.stdout.startswith("published: rules acme")


def test_the_active_rules_are_taken_where_none_are_named(ops: FakeOps, tmp_path: Path) -> None:
    ops.rule_store.push(rules_text(LABELS))
    out = tmp_path / "new.toml"

    result = autotag("rules", "suggest", "active", *STORED, "--out", out, obj=fake_environment(ops))

    assert result.exit_code == 0 and "as of old" in out.read_text()
    unnamed = autotag("rules", "suggest", *STORED, "--out", out, obj=fake_environment(ops))
    assert unnamed.stdout == result.stdout


def test_an_export_tells_the_same_as_the_stack(ops: FakeOps, rules: Path, tmp_path: Path) -> None:
    export = tmp_path / "all.jsonl"
    assert autotag("export", export, "--stack", "prod", obj=fake_environment(ops)).exit_code == 0

    from_export = autotag("rules", "suggest", rules, export, "--json")

    assert (from_export.exit_code, from_export.stderr) == (0, "")
    from_stack = autotag("rules", "suggest", rules, *STORED, "--json", obj=fake_environment(ops))
    of_export, of_stack = json.loads(from_export.stdout), json.loads(from_stack.stdout)
    assert of_export.pop("next")[1] == f"autotag rules diff {rules} suggested.toml {export}"
    assert of_stack.pop("next")[1] == f"autotag rules diff {rules} suggested.toml --stored"
    assert of_export == of_stack


def test_where_nobody_said_anything_the_rules_stay_as_they_are(rules: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.toml"

    result = autotag("rules", "suggest", rules, *STORED, "--out", out, obj=fake_environment(FakeOps()))

    assert "There is no threshold to propose: nobody has said yet whether a label is right." in result.stdout
    assert out.read_text() == rules.read_text()
    assert result.stderr == f"{out}: the rules, unchanged\n"


def test_where_nobody_said_anything_about_pictures_the_next_step_is_to_ask(rules: Path) -> None:
    ops = FakeOps()
    unjudged_too(ops)

    found = json.loads(autotag("rules", "suggest", rules, *STORED, "--json", obj=fake_environment(ops)).stdout)
    stdout = autotag("rules", "suggest", rules, *STORED, obj=fake_environment(ops)).stdout

    assert found["next"] == ["autotag review sample"]
    assert stdout.endswith(
        "Next:\n  ask people about random pictures of the most frequent labels:\n    autotag review sample\n"
    )


def test_a_person_says_how_much_evidence_is_enough(ops: FakeOps, rules: Path) -> None:
    result = autotag("rules", "suggest", rules, *STORED, "--min-evidence", "101", "--json", obj=fake_environment(ops))

    found = json.loads(result.stdout)
    assert [each["label"] for each in found["proposals"]] == ["Guitar"]
    assert found["not_proposed"]["thin"] == 3


def test_a_person_says_what_a_wrong_tag_costs(ops: FakeOps, rules: Path) -> None:
    result = autotag("rules", "suggest", rules, *STORED, "--wrong-costs", "3", obj=fake_environment(ops))

    assert "A wrong tag is as bad as 3 missing ones (--wrong-costs)." in result.stdout
    assert f"autotag rules suggest {rules} --stored --wrong-costs 3 --out suggested.toml" in result.stdout
    for costs in ("0", "-1", "101"):
        assert autotag("rules", "suggest", rules, *STORED, "--wrong-costs", costs).exit_code == 2


def test_wrong_usage_is_told(rules: Path, tmp_path: Path) -> None:
    for arguments, sentence in (
        ((rules,), "expected either --stored, or files written by autotag export"),
        ((rules, rules, "--stored"), "expected either --stored, or files written by autotag export"),
        ((rules, rules), "expected a file written by autotag export"),
        ((tmp_path / "none.toml", rules), "cannot be read (No such file or directory)"),
    ):
        result = autotag("rules", "suggest", *arguments)

        assert (result.exit_code, result.stdout) == (2, "")
        assert sentence in " ".join(result.stderr.replace("│", " ").split())


def test_a_file_that_cannot_be_written_is_told(ops: FakeOps, rules: Path, tmp_path: Path) -> None:
    out = tmp_path / "none" / "new.toml"

    result = autotag("rules", "suggest", rules, *STORED, "--out", out, obj=fake_environment(ops))

    assert result.exit_code == 2
    assert f"{out}: cannot be written (No such file or directory)" in result.stderr


def unjudged_too(ops: FakeOps) -> None:
    """Add pictures of each label on which nobody said anything."""
    for name in LABELS:
        states = [unjudged(f"{name}{n}", name, n / 100, managed=n / 100 >= 0.7) for n in range(30, 100)]
        ops.states |= {state.asset.asset_id: state for state in states}
