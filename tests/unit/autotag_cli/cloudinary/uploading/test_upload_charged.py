"""Replacing, explicit and update are charged once, whatever answer is lost and whatever ends the process."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from typer.testing import Result

from tests.unit.autotag_cli.fake_account import FakeAccount, lost, md5
from tests.unit.autotag_cli.fake_cloudinary import RecordedCall
from tests.unit.autotag_cli.run_command import autotag

ASK = ("--categorization", "aws_rek_tagging")


class Killed(BaseException):
    """Stands for what ends a process at once."""


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.jpg").write_bytes(name.encode())
    return folder


@pytest.fixture
def upload(account: FakeAccount, library: Path, tmp_path: Path) -> Callable[..., Result]:
    def run(*options: str) -> Result:
        return autotag("upload", library, *ASK, "--jobs", "1", *options, obj=account.environment_in(tmp_path / "state"))

    return run


Upload = Callable[..., Result]
NO_ANSWER = [requests.ConnectionError("gone"), requests.ReadTimeout("late")]


@pytest.mark.parametrize("error", NO_ANSWER, ids=["gone", "late"])
@pytest.mark.parametrize("effect", [True, False])
@pytest.mark.parametrize("times", [1, 3])
def test_a_replacement_is_charged_once_though_answers_to_it_are_lost(
    account: FakeAccount, upload: Upload, library: Path, tmp_path: Path, error: Exception, effect: bool, times: int
) -> None:
    record = ("--resume", str(tmp_path / "record"))
    upload(*record)
    (library / "b.jpg").write_bytes(b"retouched")
    account.charged, struck = 0, 0

    def lose(_: int) -> None:
        nonlocal struck
        if account.received[-1].fields["overwrite"] == "true" and struck < times:
            struck += 1
            raise error

    if effect:
        account.after = lose
    else:
        account.before = lose
    result = upload(*record)

    assert result.exit_code == 0, result.stderr
    assert (account.charged, account.assets["b"]["etag"]) == (1, md5(b"retouched"))
    assert struck == (1 if effect else times), "what has arrived is not sent again"
    assert "uploaded          1" in result.stdout


def test_a_replacement_that_never_gets_an_answer_fails_and_is_made_by_the_next_run(
    account: FakeAccount, upload: Upload, library: Path, tmp_path: Path
) -> None:
    record = ("--resume", str(tmp_path / "record"))
    upload(*record)
    (library / "b.jpg").write_bytes(b"retouched")
    account.charged = 0

    def lose(_: int) -> None:
        if account.received[-1].fields["overwrite"] == "true":
            raise requests.ConnectionError("gone")

    account.before = lose
    assert upload(*record).exit_code == 1
    assert account.slept == [0.5, 1.0, 2.0, 4.0, 8.0]
    account.before = lost()
    assert upload(*record).exit_code == 0
    assert (account.charged, account.assets["b"]["etag"]) == (1, md5(b"retouched"))


class Strict(FakeAccount):
    """Refuses to replace, and to categorize what is stored."""

    def _call(self, call: RecordedCall) -> tuple[int, dict[str, Any]]:
        if call.fields.get("overwrite") == "true" or (call.file is None and "categorization" in call.fields):
            return 400, {"error": {"message": "Too many tags"}}
        return super()._call(call)


def test_a_replacement_that_is_refused_is_not_tried_again(library: Path, tmp_path: Path) -> None:
    account = Strict()
    account.put("x", b"other")
    result = single(account, library, tmp_path, *ASK)
    assert (result.exit_code, account.slept, len(account.uploads)) == (2, [], 2)
    assert "Cloudinary refuses this (400): Too many tags" in result.stderr


@pytest.mark.parametrize("call", range(1, 7))
@pytest.mark.parametrize("effect", [True, False])
def test_overwriting_sends_each_file_anew_once_whatever_answer_is_lost(
    account: FakeAccount, upload: Upload, call: int, effect: bool
) -> None:
    upload()
    account.charged, account.calls = 0, 0
    versions = {public_id: asset["version_id"] for public_id, asset in account.assets.items()}
    if effect:
        account.after = lost(call)
    else:
        account.before = lost(call)

    first = upload("--overwrite")
    account.before = account.after = lost()
    second = upload("--overwrite") if first.exit_code else first  # an answer to a first call may be lost for good here

    assert second.exit_code == 0, second.stderr
    assert account.charged == 3
    assert all(account.assets[public_id]["version_id"] != version for public_id, version in versions.items())


@pytest.mark.parametrize(("there", "call"), [(False, 1), (False, 3), *((True, call) for call in range(1, 7))])
@pytest.mark.parametrize("effect", [True, False])
def test_overwriting_goes_on_after_a_kill_with_what_had_not_arrived(
    account: FakeAccount, upload: Upload, call: int, there: bool, effect: bool
) -> None:
    if there:
        upload()
    account.charged, account.calls = 0, 0
    versions = {public_id: asset["version_id"] for public_id, asset in account.assets.items()}

    def kill(number: int) -> None:
        if number == call:
            raise Killed

    if effect:
        account.after = kill
    else:
        account.before = kill
    with pytest.raises(Killed):
        upload("--overwrite")
    account.before = account.after = lost()

    result = upload("--overwrite")

    assert result.exit_code == 0, result.stderr
    assert (account.charged, len(account.assets)) == (3, 3)
    assert all(account.assets[public_id]["version_id"] != version for public_id, version in versions.items())


def single(account: FakeAccount, library: Path, tmp_path: Path, *options: str) -> Result:
    return autotag("upload", library / "a.jpg", "--public-id", "x", *options, obj=account.environment_in(tmp_path))


@pytest.mark.parametrize("before", [None, b"other"])
@pytest.mark.parametrize("effect", [True, False])
def test_a_single_file_replaces_what_it_names_and_is_charged_once(
    account: FakeAccount, library: Path, tmp_path: Path, before: bytes | None, effect: bool
) -> None:
    if before is not None:
        account.put("x", before)
        if effect:
            account.after = lost(2)
        else:
            account.before = lost(2)
    result = single(account, library, tmp_path, *ASK, "--json")
    assert (result.exit_code, json.loads(result.stdout)["etag"]) == (0, md5(b"a"))
    assert (account.charged, account.assets["x"]["etag"]) == (1, md5(b"a"))


def test_a_single_file_that_is_there_as_asked_is_not_sent_again(
    account: FakeAccount, library: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        result = single(account, library, tmp_path, *ASK)
        assert result.exit_code == 0
    assert (account.charged, len(account.received)) == (1, 2)
    assert "it was there already and is unchanged" in result.stdout


def test_a_single_file_that_is_there_and_not_categorized_is(
    account: FakeAccount, library: Path, tmp_path: Path
) -> None:
    account.put("x", b"a", tags=["press"])
    assert single(account, library, tmp_path, *ASK, "--tags", "new").exit_code == 0
    assert (account.charged, account.assets["x"]["tags"]) == (1, ["press", "new"])


def test_a_single_file_of_the_same_content_is_not_charged_again_for_a_tag_that_it_lacks(
    account: FakeAccount, library: Path, tmp_path: Path
) -> None:
    single(account, library, tmp_path, *ASK)
    printed = single(account, library, tmp_path, *ASK, "--tags", "new")
    assert (printed.exit_code, account.charged) == (0, 1)
    assert "without tags new" in printed.output and "--complete" in printed.output

    single(account, library, tmp_path, *ASK, "--tags", "new", "--complete")
    assert (account.charged, "new" in account.assets["x"]["tags"]) == (1, True)


def test_a_single_file_that_is_to_overwrite_is_sent_anew(account: FakeAccount, library: Path, tmp_path: Path) -> None:
    single(account, library, tmp_path, *ASK)
    version = account.assets["x"]["version_id"]
    account.after = lost(account.calls + 2)
    assert single(account, library, tmp_path, *ASK, "--overwrite").exit_code == 0
    assert account.charged == 2 and account.assets["x"]["version_id"] != version


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
