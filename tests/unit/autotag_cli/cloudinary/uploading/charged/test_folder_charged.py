"""Replacing and overwriting a folder is charged once, whatever answer is lost and whatever ends the process."""

from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from typer.testing import Result

from tests.unit.autotag_cli.cloudinary.uploading.charged.charged_calls import NO_ANSWER
from tests.unit.autotag_cli.fake_account import FakeAccount, lost, md5


class Killed(BaseException):
    """Stands for what ends a process at once."""


Upload = Callable[..., Result]


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
