"""``autotag rules suggest``: from a stack or from an export, a table for people and a rules file ready to push."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from autotag.domain.rules.parse import parse_rules
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.made_up_history import PROVIDER, Known, history, judged, rules_text
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
    assert (found["assets"], found["assets_with_verdicts"]) == (408, 408)
    assert found["not_proposed"] == {"unasked": 0, "thin": 1, "fine": 1, "unsure": 0}
    assert found["not_counted"] == {}
    guitar, dog = found["proposals"]
    assert (guitar["label"], dog["label"]) == ("Guitar", "Dog")
    assert guitar["threshold"] == {"old": 0.7, "new": pytest.approx(0.82, abs=0.02)}
    assert dog["threshold"] == {"old": 0.7, "new": pytest.approx(0.45, abs=0.02)}
    assert guitar["evidence"]["right"] + guitar["evidence"]["wrong"] == 200
    assert 0 < guitar["evidence"]["of_these_left"] <= guitar["evidence"]["right"]
    assert guitar["errors"]["new"] <= 2 < guitar["errors"]["old"]
    old, new = guitar["precision"]["old"], guitar["precision"]["new"]
    assert old["low"] < old["share"] < old["high"] < new["low"] < new["share"] <= new["high"]


def test_an_asset_is_read_once_and_nothing_is_written(ops: FakeOps, rules: Path) -> None:
    autotag("rules", "suggest", rules, *STORED, obj=fake_environment(ops))

    call = [body for _, _, body in ops.received]
    assert {body["op"] for body in call} == {"scan"} and len(call) == 4


def test_the_table_is_for_people(ops: FakeOps, rules: Path) -> None:
    result = autotag("rules", "suggest", rules, *STORED, obj=fake_environment(ops))

    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0].startswith("acme ")
    assert lines[2:4] == [
        "People changed tags on 408 of 408 assets.",
        "Their edits support another threshold for 2 labels:",
    ]
    assert lines[5] == "Label Threshold Right Wrong Errors Precision now then"
    assert lines[6].startswith("Guitar 0.70 → 0.8") and lines[7].startswith("Dog 0.70 → 0.4")
    assert lines[9:] == ["1 label: there are too few verdicts", "1 label: the present threshold is right"]


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
    ops.states = {
        key: replace(state, people={}, managed_tags={}) for key, state in ops.states.items()
    }  # nobody judged them
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
    assert autotag("rules", "suggest", *STORED, obj=fake_environment(ops)).stdout == result.stdout


def test_an_export_tells_the_same_as_the_stack(ops: FakeOps, rules: Path, tmp_path: Path) -> None:
    export = tmp_path / "all.jsonl"
    assert autotag("export", export, "--stack", "prod", obj=fake_environment(ops)).exit_code == 0

    from_export = autotag("rules", "suggest", rules, export, "--json")

    assert (from_export.exit_code, from_export.stderr) == (0, "")
    from_stack = autotag("rules", "suggest", rules, *STORED, "--json", obj=fake_environment(ops))
    assert json.loads(from_export.stdout) == json.loads(from_stack.stdout)


def test_where_nobody_said_anything_the_rules_stay_as_they_are(rules: Path, tmp_path: Path) -> None:
    out = tmp_path / "new.toml"

    result = autotag("rules", "suggest", rules, *STORED, "--out", out, obj=fake_environment(FakeOps()))

    assert "There is no threshold to propose." in result.stdout
    assert out.read_text() == rules.read_text()
    assert result.stderr == f"{out}: the rules, unchanged\n"


def test_a_person_says_how_much_evidence_is_enough(ops: FakeOps, rules: Path) -> None:
    result = autotag("rules", "suggest", rules, *STORED, "--min-evidence", "101", "--json", obj=fake_environment(ops))

    found = json.loads(result.stdout)
    assert [each["label"] for each in found["proposals"]] == ["Guitar"]
    assert found["not_proposed"]["thin"] == 3


def test_without_what_was_left_a_threshold_is_never_raised(ops: FakeOps, rules: Path) -> None:
    result = autotag("rules", "suggest", rules, *STORED, "--explicit", "--json", obj=fake_environment(ops))

    found = json.loads(result.stdout)
    assert [each["label"] for each in found["proposals"]] == ["Dog"]
    assert found["proposals"][0]["evidence"]["of_these_left"] == 0


def test_wrong_usage_is_told(rules: Path, tmp_path: Path) -> None:
    for arguments, sentence in (
        ((rules,), "expected either exports or --stored"),
        ((rules, rules, "--stored"), "expected either exports or --stored"),
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


def test_the_rules_that_are_shipped_can_be_changed_in_place() -> None:
    from autotag_cli.input.rules_file import SHIPPED
    from autotag_cli.rules.suggest.edit import with_thresholds

    edited = with_thresholds(SHIPPED.read_text("utf-8"), {"Guitar": 0.65})
    assert parse_rules(edited).labels["Guitar"].threshold == 0.65


def by_hand(ops: FakeOps, label: str, confidence: float, count: int) -> None:
    """Let people add a tag to some assets on which the label is below the bar."""
    for n in range(count):
        state = judged(f"hand{n}", label, confidence, Known(right=0, old=0.7, judged=1))
        ops.states[state.asset.asset_id] = state


def test_six_tags_added_by_hand_move_no_threshold_and_the_output_says_why(tmp_path: Path) -> None:
    """Five thousand pictures with dogs, a few of them wrong above the threshold of 0.70, and no one asked below it."""
    ops, rules, out = FakeOps(), tmp_path / "rules.toml", tmp_path / "new.toml"
    rules.write_text("[defaults]\nthreshold = 0.7\n")
    dogs = {"Dog": Known(right=0.7, old=0.7, judged=5000, noisy=40)}
    states = (state for state in history(dogs, 1) if state.categorizations[PROVIDER].labels[0].confidence >= 0.7)
    ops.states = {state.asset.asset_id: state for state in states}
    by_hand(ops, "Dog", 0.31, 6)

    result = autotag("rules", "suggest", rules, *STORED, "--out", out, obj=fake_environment(ops))
    as_json = json.loads(autotag("rules", "suggest", rules, *STORED, "--json", obj=fake_environment(ops)).stdout)

    assert (result.exit_code, out.read_text()) == (0, rules.read_text())
    assert "There is no threshold to propose." in result.stdout
    assert "6 verdicts on labels below the bar did not count (Dog 6): people are not asked there" in result.stdout
    assert (as_json["proposals"], as_json["not_counted"]) == ([], {"Dog": 6})
    assert as_json["not_proposed"] == {"unasked": 0, "thin": 0, "fine": 1, "unsure": 0}


def test_where_people_are_asked_the_same_six_tags_count(ops: FakeOps, rules: Path) -> None:
    by_hand(ops, "Dog", 0.31, 6)
    found = json.loads(autotag("rules", "suggest", rules, *STORED, "--json", obj=fake_environment(ops)).stdout)

    assert found["not_counted"] == {}
    (dog,) = [each for each in found["proposals"] if each["label"] == "Dog"]
    assert dog["evidence"]["right"] + dog["evidence"]["wrong"] == 106


def test_labels_on_which_nothing_counts_are_named_the_first_five_of_them(tmp_path: Path) -> None:
    ops, rules = FakeOps(), tmp_path / "rules.toml"
    rules.write_text("[defaults]\nthreshold = 0.7\n")
    for n in range(7):
        ops.states |= {f"{n}{k}": judged(f"{n}{k}", f"L{n}", 0.5, Known(0, 0.7, 1)) for k in range(n + 1)}

    stdout = autotag("rules", "suggest", rules, *STORED, obj=fake_environment(ops)).stdout

    assert "7 labels: all verdicts are at confidences where people are not asked" in stdout
    assert "28 verdicts on labels below the bar did not count (L6 7, L5 6, L4 5, L3 4, L2 3, … 2 more labels)" in stdout
