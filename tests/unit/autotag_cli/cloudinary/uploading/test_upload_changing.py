"""A file that changes while it is sent: what arrives in the end is the file, and the output says so."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.unit.autotag_cli.fake_account import FakeAccount, lost, md5
from tests.unit.autotag_cli.run_command import autotag

AGAIN = "it changed while it was sent, and was sent again"
CHANGES = {"grows": b"koala and more", "shrinks": b"ko", "is rewritten": b"bears"}


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "library" / "k.jpg"
    path.parent.mkdir()
    path.write_bytes(b"koala")
    return path


@pytest.fixture(params=["one", "folder", "overwrite", "no overwrite"])
def upload(request: pytest.FixtureRequest, account: FakeAccount, picture: Path, tmp_path: Path) -> Callable[[], Result]:
    def run() -> Result:
        environment = account.environment_in(tmp_path / "state")
        if request.param == "one":
            return autotag("upload", picture, "--public-id", "k", obj=environment)
        option = {"folder": (), "overwrite": ("--overwrite",), "no overwrite": ("--no-overwrite",)}[request.param]
        return autotag("upload", picture.parent, *option, obj=environment)

    return run


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_while_it_is_sent_is_reported_and_sent_again(
    account: FakeAccount, picture: Path, upload: Callable[[], Result], change: str
) -> None:
    def at_first(number: int) -> None:
        if number == 1:
            picture.write_bytes(CHANGES[change])

    account.sending = at_first
    result = upload()

    assert result.exit_code == 0, result.stderr
    assert AGAIN in result.stderr
    assert account.assets["k"]["etag"] == md5(CHANGES[change])
    assert upload().exit_code == 0, "and later runs know it"


def test_a_file_that_changes_each_time_fails_and_is_replaced_by_the_next_run(
    account: FakeAccount, picture: Path, upload: Callable[[], Result]
) -> None:
    def always(number: int) -> None:
        picture.write_bytes(b"koala" * (number + 1))

    account.sending = always
    result = upload()
    assert result.exit_code == 1
    assert (
        "it changed while it was sent, 3 times: run the same command again when nothing writes to it" in result.stderr
    )

    account.sending = lost()
    result = upload()
    assert result.exit_code == 0, result.stderr
    assert account.assets["k"]["etag"] == md5(picture.read_bytes())


def test_a_file_that_a_program_replaces_meanwhile_arrives_as_it_was_and_then_as_it_is(
    account: FakeAccount, picture: Path, tmp_path: Path
) -> None:
    def by_another(number: int) -> None:
        if number == 1:
            (tmp_path / "new.jpg").write_bytes(b"bear")
            (tmp_path / "new.jpg").rename(picture)

    account.sending = by_another
    record = ("--resume", str(tmp_path / "record"))
    assert autotag("upload", picture.parent, *record, obj=account.environment_in(tmp_path)).exit_code == 0
    assert account.assets["k"]["etag"] == md5(b"koala")
    assert autotag("upload", picture.parent, *record, obj=account.environment_in(tmp_path)).exit_code == 0
    assert account.assets["k"]["etag"] == md5(b"bear")


def test_an_account_that_stores_another_content_than_it_is_sent_is_reported_and_asked_once(
    account: FakeAccount, picture: Path, upload: Callable[[], Result]
) -> None:
    account.stores = lambda data: b"scaled " + data
    result = upload()
    assert (result.exit_code, len(account.uploads)) == (0, 1)
    assert "it stores other content than was sent" in result.stderr


def test_what_was_there_already_and_is_to_be_left_is_left_though_the_file_changes_meanwhile(
    account: FakeAccount, picture: Path, tmp_path: Path
) -> None:
    def grow(_: int) -> None:
        picture.write_bytes(b"koala and more")

    account.put("k", b"koala")
    account.sending = grow
    for _ in range(2):
        assert autotag("upload", picture.parent, "--no-overwrite", obj=account.environment_in(tmp_path)).exit_code == 0
    assert account.assets["k"]["etag"] == md5(b"koala")
