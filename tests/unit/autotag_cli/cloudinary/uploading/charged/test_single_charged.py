"""A single file is charged once, and not at all where it is there as asked."""

import json
from pathlib import Path

import pytest
from typer.testing import Result

from tests.unit.autotag_cli.cloudinary.uploading.charged.charged_calls import ASK, Strict
from tests.unit.autotag_cli.fake_account import FakeAccount, lost, md5
from tests.unit.autotag_cli.run_command import autotag


def test_a_replacement_that_is_refused_is_not_tried_again(library: Path, tmp_path: Path) -> None:
    account = Strict()
    account.put("x", b"other")
    result = single(account, library, tmp_path, *ASK)
    assert (result.exit_code, account.slept, len(account.uploads)) == (2, [], 2)
    assert "Cloudinary refuses this (400): Too many tags" in result.stderr


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
