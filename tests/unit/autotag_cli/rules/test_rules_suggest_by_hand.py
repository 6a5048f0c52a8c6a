"""``autotag rules suggest`` where people add tags by hand: no threshold moves, and the output says what to do."""

import json
from pathlib import Path

from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.made_up_history import added_by_hand, unjudged
from tests.unit.autotag_cli.run_command import autotag, fake_environment

STORED = ("--stored", "--stack", "prod")


def test_six_tags_added_by_hand_move_no_threshold_and_the_output_says_why(tmp_path: Path) -> None:
    """Five thousand pictures with dogs, a few of them wrong above the threshold of 0.70, and no one asked below it."""
    ops, rules, out = FakeOps(), tmp_path / "rules.toml", tmp_path / "new.toml"
    rules.write_text("[defaults]\nthreshold = 0.7\n")
    dogs = [unjudged(f"a{n}", "Dog", 0.7 + 0.3 * n / 5000, managed=True) for n in range(5000)]
    by_hand = [added_by_hand(f"hand{n}", "Dog", 0.31) for n in range(6)]
    ops.states = {state.asset.asset_id: state for state in (*dogs, *by_hand)}

    result = autotag("rules", "suggest", rules, *STORED, "--out", out, obj=fake_environment(ops))
    as_json = json.loads(autotag("rules", "suggest", rules, *STORED, "--json", obj=fake_environment(ops)).stdout)

    assert (result.exit_code, out.read_text()) == (0, rules.read_text())
    assert "There is no threshold to propose." in result.stdout
    assert "nobody was asked below the threshold (Dog 0.70): ask them at random" in result.stdout
    assert "6 tags added by hand did not count (Dog 6)" in result.stdout
    assert (as_json["proposals"], as_json["not_counted"]) == ([], {"Dog": 6})
    assert as_json["not_proposed"] == {"unwanted": 0, "unasked": 1, "thin": 0, "fine": 0, "unsure": 0}
    assert as_json["next"] == ["autotag review sample --labels Dog"]


def test_labels_that_people_add_by_hand_most_are_named_first_and_five_at_most(tmp_path: Path) -> None:
    ops, rules = FakeOps(), tmp_path / "rules.toml"
    rules.write_text("[defaults]\nthreshold = 0.7\n")
    for n in range(7):
        ops.states |= {f"{n}{k}": added_by_hand(f"{n}{k}", f"L{n}", 0.5) for k in range(n + 1)}

    stdout = autotag("rules", "suggest", rules, *STORED, obj=fake_environment(ops)).stdout

    assert "7 labels: nobody was asked below the threshold (L6 0.70, L5 0.70" in stdout
    assert "28 tags added by hand did not count (L6 7, L5 6, L4 5, L3 4, L2 3, … 2 more labels)" in stdout
