"""Options of ``autotag setup`` that exclude each other, and what ``--remove`` announces."""

import json

import pytest

from tests.unit.autotag_cli.fake_admin_account import HOOK
from tests.unit.autotag_cli.fake_stack import FakeStack
from tests.unit.autotag_cli.setup.setup_command import run


@pytest.mark.parametrize(
    "option",
    [
        ["--withdraw", "1"],
        ["--signing-keys", "keys"],
        ["--writer-key-dedicated"],
        ["--writer-key-shared"],
        ["--tags-kept"],
        ["--tags-cleared"],
        ["--additive"],
        ["--not-additive"],
        ["--preset", "press"],
        ["--no-probe"],
        ["--wait", "9"],
    ],
    ids=" ".join,
)
def test_an_option_that_means_nothing_with_remove_is_refused_before_anything_is_changed(
    stack: FakeStack, option: list[str]
) -> None:
    assert run(stack, "--no-probe").exit_code == 0
    before = (stack.aws.value, stack.aws.written, dict(stack.account.triggers))
    refused = run(stack, "--remove", *option)
    assert refused.exit_code == 2 and refused.stdout == ""
    assert f"{option[0]}: has no meaning with --remove, which " in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert before == (stack.aws.value, stack.aws.written, stack.account.triggers)


@pytest.mark.parametrize(("options", "beside"), [(["--no-probe"], "--no-probe"), (["--dry-run"], "--dry-run")])
def test_no_time_is_given_to_a_probe_that_is_not_sent(stack: FakeStack, options: list[str], beside: str) -> None:
    refused = run(stack, *options, "--wait", "9")
    assert refused.exit_code == 2 and f"--wait: has no meaning with {beside}" in refused.stderr


@pytest.mark.parametrize(
    "pair",
    [
        ["--tags-kept", "--tags-cleared"],
        ["--writer-key-dedicated", "--writer-key-shared"],
        ["--additive", "--not-additive"],
        ["--probe", "--no-probe"],
    ],
    ids=" ".join,
)
def test_both_of_a_pair_of_switches_are_refused_in_either_order(stack: FakeStack, pair: list[str]) -> None:
    for given in (pair, pair[::-1]):
        refused = run(stack, *given)
        assert refused.exit_code == 2 and f"{pair[0]} and {pair[1]}: expected one of the two" in refused.stderr
    assert stack.aws.written == 0 and stack.account.triggers == {}
    assert run(stack, "--no-probe", pair[-1], pair[-1]).exit_code == 0  # repeated, it says the same


def test_remove_says_first_what_it_takes_from_which_stack(stack: FakeStack) -> None:
    assert run(stack, "--no-probe").exit_code == 0
    planned = run(stack, "--remove", "--dry-run")
    assert f"Would remove from the stack prod: the triggers that lead to {HOOK}" in planned.stderr
    assert len(stack.account.triggers) > 0
    removed = run(stack, "--remove")
    assert "Removing from the stack prod" in removed.stderr
    assert "what its secret holds, the secrets of the keys 222, 111." in removed.stderr
    assert "holds, no key." in run(stack, "--remove").stderr


def test_remove_reads_no_signing_keys(stack: FakeStack) -> None:
    stack.variables["AUTOTAG_NOTIFICATION_SECRETS"] = "333"  # not ID:SECRET
    assert run(stack, "--remove").exit_code == 0
    assert json.loads(stack.aws.value or "") == {}
