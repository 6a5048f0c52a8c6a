"""``autotag setup --preset``: the rules' add-ons become a preset's categorization, and nothing else changes."""

from typing import Any

import pytest

from tests.unit.autotag_cli.fake_stack import FakeStack
from tests.unit.autotag_cli.setup.setup_command import run, steps

SETTINGS: dict[str, Any] = {
    "folder": "press",
    "tags": ["new", "press"],
    "context": {"by": "ann"},
    "overwrite": False,
    "auto_tagging": 0.7,
    "notification_url": "https://example.com/hook",
}


def set_up(stack: FakeStack, *arguments: str) -> dict[str, dict[str, Any]]:
    return steps(run(stack, "--no-probe", "--preset", "press", *arguments, "--json"))


def given(stack: FakeStack, **settings: Any) -> None:
    stack.account.presets["press"] = {"unsigned": True, "settings": {**SETTINGS, **settings}}


def test_a_preset_gets_the_rules_add_ons_and_keeps_everything_else(stack: FakeStack) -> None:
    given(stack)
    step = set_up(stack)["preset press"]
    assert (step["state"], step["mend"]) == ("done", "")
    assert "categorization: none -> aws_rek_tagging" in step["told"]
    stored = {"unsigned": True, "settings": {**SETTINGS, "categorization": "aws_rek_tagging"}}
    assert stack.account.presets == {"press": stored}


def test_a_dry_run_shows_the_difference_and_changes_no_preset(stack: FakeStack) -> None:
    given(stack, categorization="google_tagging")
    before = dict(stack.account.presets)
    step = set_up(stack, "--dry-run")["preset press"]
    assert step["state"] == "planned"
    assert "categorization: google_tagging -> google_tagging,aws_rek_tagging" in step["told"]
    assert stack.account.presets == before and stack.account.changes() == []


def test_setting_a_preset_up_again_changes_nothing(stack: FakeStack) -> None:
    given(stack)
    set_up(stack)
    stack.account.received.clear()
    assert set_up(stack)["preset press"]["state"] == "unchanged"
    assert stack.account.changes() == []


@pytest.mark.parametrize("has", ["aws_rek_tagging", ["google_tagging", "aws_rek_tagging"], "aws_rek_tagging,x"])
def test_a_preset_that_has_the_add_ons_is_left_as_it_is(stack: FakeStack, has: object) -> None:
    given(stack, categorization=has)
    assert set_up(stack)["preset press"]["state"] == "unchanged"
    assert stack.account.presets["press"]["settings"]["categorization"] == has


def test_the_add_ons_of_the_active_rules_are_all_added(stack: FakeStack) -> None:
    given(stack)
    stack.ops.rule_store.push('[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]\n')
    set_up(stack)
    assert stack.account.presets["press"]["settings"]["categorization"] == "aws_rek_tagging,google_tagging"


def test_a_preset_whose_settings_cannot_all_be_sent_back_is_not_touched(stack: FakeStack) -> None:
    given(stack, transformation=[{"width": 100, "crop": "scale"}])
    before = dict(stack.account.presets)
    result = run(stack, "--no-probe", "--preset", "press", "--json")
    step = steps(result)["preset press"]
    assert (result.exit_code, step["state"]) == (1, "failed")
    assert "transformation" in step["told"] and "set categorization to aws_rek_tagging there" in step["mend"]
    assert stack.account.presets == before


def test_a_setting_that_was_lost_with_the_change_is_reported(stack: FakeStack) -> None:
    given(stack)
    stack.account.lost_setting = "folder"
    result = run(stack, "--no-probe", "--preset", "press", "--json")
    step = steps(result)["preset press"]
    assert (result.exit_code, step["state"]) == (1, "failed")
    assert "Cloudinary also changed folder" in step["told"]


def test_a_preset_that_does_not_exist_fails_and_the_other_steps_are_taken(stack: FakeStack) -> None:
    result = run(stack, "--no-probe", "--preset", "nowhere", "--json")
    assert result.exit_code == 1
    found = steps(result)
    assert found["preset nowhere"]["told"] == "the account has no upload preset nowhere"
    assert found["door"]["state"] == "done"


def test_several_presets_are_changed(stack: FakeStack) -> None:
    given(stack)
    stack.account.presets["web"] = {"unsigned": False, "settings": {}}
    run(stack, "--no-probe", "--preset", "press", "--preset", "web")
    assert {p["settings"]["categorization"] for p in stack.account.presets.values()} == {"aws_rek_tagging"}
