"""``autotag explicit`` and ``autotag update`` are charged once, whatever becomes of the answer."""

import json
from pathlib import Path

import pytest
import requests

from tests.unit.autotag_cli.cloudinary.uploading.charged.charged_calls import ASK, NO_ANSWER, Strict
from tests.unit.autotag_cli.fake_account import FakeAccount, lost
from tests.unit.autotag_cli.run_command import autotag

COMMANDS: list[tuple[str, ...]] = [("explicit", "x"), ("update", "x")]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("error", NO_ANSWER, ids=["gone", "late"])
@pytest.mark.parametrize("effect", [True, False])
def test_a_single_categorization_is_charged_once_though_its_answer_is_lost(
    account: FakeAccount, tmp_path: Path, command: tuple[str, ...], error: Exception, effect: bool
) -> None:
    account.put("x", b"koala")

    def lose(number: int) -> None:
        if number == 1:
            raise error

    if effect:
        account.after = lose
    else:
        account.before = lose
    options = (*ASK, "--auto-tagging", "0.9", "--json")
    result = autotag(*command, *options, obj=account.environment_in(tmp_path))

    assert (result.exit_code, json.loads(result.stdout)["tags"]) == (0, ["People"]), result.stderr
    assert (account.charged, account.assets["x"]["tags"]) == (1, ["People"])
    assert ("No response came, but the asset has the requested labels of aws_rek_tagging" in result.stderr) == effect


@pytest.mark.parametrize("command", COMMANDS)
def test_a_categorization_that_is_refused_is_not_tried_again(tmp_path: Path, command: tuple[str, ...]) -> None:
    account = Strict()
    account.put("x", b"koala")
    result = autotag(*command, *ASK, obj=account.environment_in(tmp_path))
    assert (result.exit_code, account.slept, len(account.received)) == (2, [], 1)


@pytest.mark.parametrize("command", COMMANDS)
def test_where_nothing_can_be_read_after_a_lost_answer_the_person_decides(
    account: FakeAccount, tmp_path: Path, command: tuple[str, ...]
) -> None:
    account.put("x", b"koala")
    account.after = lost(1, 2)
    result = autotag(*command, *ASK, obj=account.environment_in(tmp_path))
    assert (result.exit_code, account.charged) == (1, 1)
    assert "check with autotag resource before you repeat it, since each call costs" in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_categorization_that_never_gets_an_answer_fails(
    account: FakeAccount, tmp_path: Path, command: tuple[str, ...]
) -> None:
    account.put("x", b"koala")

    def lose(_: int) -> None:
        if account.received[-1].method != "GET":
            raise requests.ConnectionError("gone")

    account.before = lose
    result = autotag(*command, *ASK, obj=account.environment_in(tmp_path))
    assert (result.exit_code, account.charged, len(account.slept)) == (1, 0, 5)
