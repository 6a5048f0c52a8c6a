"""What was there already but is not categorized or tagged as asked: reported, offered, and done with ``--complete``."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from typer.testing import Result

from autotag_cli.cloudinary.missing_parts import MissingParts, missing_parts
from tests.unit.autotag_cli.fake_account import LABELS, FakeAccount, lost
from tests.unit.autotag_cli.run_command import autotag

ASK = ("--categorization", "aws_rek_tagging", "--tags", "new,summer", "--context", "alt=lake", "--context", "by=Zoé")
Upload = Callable[..., Result]


@pytest.fixture
def account() -> FakeAccount:
    account = FakeAccount()
    account.put("a", b"a", tags=["press", "new"], context={"custom": {"by": "a person"}})
    account.put("b", b"b")
    return account


@pytest.fixture
def upload(account: FakeAccount, tmp_path: Path) -> Upload:
    for name in ("a", "b"):
        (tmp_path / "library").mkdir(exist_ok=True)
        (tmp_path / "library" / f"{name}.jpg").write_bytes(name.encode())

    def run(*options: str) -> Result:
        return autotag(
            "upload", tmp_path / "library", "--jobs", "1", *options, obj=account.environment_in(tmp_path / "state")
        )

    return run


def test_what_is_there_but_not_as_asked_is_reported_and_offered_and_not_called_done(
    account: FakeAccount, upload: Upload
) -> None:
    result = upload(*ASK)
    assert (result.exit_code, account.charged) == (1, 0)
    assert "not as asked  2" in result.stdout
    missing = "without labels of aws_rek_tagging, without tags summer, without context alt"
    assert f"a.jpg: it was there already, {missing}" in result.stderr
    assert "the same command with --complete categorizes them, which uses 2 units of aws_rek_tagging" in result.stderr
    assert "there already" not in result.stdout, "it is not called done"
    assert "not as asked  2" in upload(*ASK).stdout, "nor by the next run"


@pytest.mark.parametrize("twice", [True, False])
def test_what_is_lacking_is_done_once_and_keeps_what_people_gave(
    account: FakeAccount, upload: Upload, twice: bool
) -> None:
    if twice:
        upload(*ASK)
    result = upload(*ASK, "--complete")

    assert (result.exit_code, account.charged) == (0, 2), result.stderr
    assert result.stdout.split() == ["completed", "2"]
    assert account.assets["a"]["tags"] == ["press", "new", "summer"]
    assert account.assets["a"]["context"] == {"custom": {"by": "a person", "alt": "lake"}}
    assert account.assets["b"]["tags"] == ["new", "summer"]
    assert {asset["version_id"] for asset in account.assets.values()} == {"0"}, "no new versions"
    assert upload(*ASK).stdout.split() == ["there", "already", "2"]
    assert account.charged == 2


@pytest.mark.parametrize("effect", [True, False])
def test_completing_is_charged_once_though_its_answer_is_lost(
    account: FakeAccount, upload: Upload, effect: bool
) -> None:
    done: list[int] = []

    def lose(number: int) -> None:
        if account.received[-1].path == "image/explicit" and not done:
            done.append(number)
            raise requests.ConnectionError("gone")

    if effect:
        account.after = lose
    else:
        account.before = lose
    result = upload(*ASK, "--complete")
    assert (result.exit_code, account.charged, len(done)) == (0, 2, 1), result.stderr


def test_completing_that_never_gets_an_answer_fails_and_goes_on_later(account: FakeAccount, upload: Upload) -> None:
    def lose(_: int) -> None:
        if account.received[-1].path == "image/explicit":
            raise requests.ConnectionError("gone")

    account.before = lose
    assert upload(*ASK, "--complete").exit_code == 1
    account.before = lost()
    assert upload(*ASK, "--complete").exit_code == 0
    assert account.charged == 2


def test_where_what_is_there_is_to_be_left_it_is_reported_and_left(account: FakeAccount, upload: Upload) -> None:
    result = upload(*ASK, "--no-overwrite")
    assert (result.exit_code, account.charged) == (0, 0)
    assert "were there already, but not categorized or tagged as requested" in result.stderr
    account.put("b", b"other")
    assert upload(*ASK, "--no-overwrite").stdout.split() == ["there", "already", "2"]


def test_overwriting_leaves_nothing_undone(account: FakeAccount, upload: Upload) -> None:
    assert upload(*ASK, "--overwrite").exit_code == 0
    assert account.charged == 2
    assert account.assets["a"]["tags"] == ["press", "new", "summer"]


def test_a_single_file_that_is_left_is_reported_and_completed(account: FakeAccount, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"a")
    arguments = ("upload", tmp_path / "a.jpg", "--public-id", "a", "--no-overwrite", *ASK)
    result = autotag(*arguments, obj=account.environment_in(tmp_path))
    assert (result.exit_code, account.charged) == (0, 0)
    assert "a was there already, without labels of aws_rek_tagging" in result.stderr
    result = autotag(*arguments, "--complete", obj=account.environment_in(tmp_path))
    assert (result.exit_code, account.charged) == (0, 1)
    assert account.assets["a"]["tags"] == ["press", "new", "summer"]


def asset(status: str = "complete", **values: Any) -> dict[str, Any]:
    done = {"status": status, "data": LABELS}
    return {"resource_type": "image", "tags": [], "info": {"categorization": {"aws_rek_tagging": done}}} | values


@pytest.mark.parametrize(
    ("answer", "fields", "missing"),
    [
        (asset(), {"categorization": "aws_rek_tagging"}, MissingParts()),
        (asset("pending"), {"categorization": "aws_rek_tagging"}, MissingParts()),
        (asset("failed"), {"categorization": "aws_rek_tagging"}, MissingParts(("aws_rek_tagging",))),
        (asset(), {"categorization": "aws_rek_tagging,google_tagging"}, MissingParts(("google_tagging",))),
        ({"resource_type": "video"}, {"categorization": "aws_rek_tagging"}, MissingParts()),
        ({"resource_type": "raw"}, {"categorization": "aws_rek_tagging,google_video_tagging"}, MissingParts()),
        (
            {"resource_type": "video"},
            {"categorization": "google_video_tagging"},
            MissingParts(("google_video_tagging",)),
        ),
        (asset(), {"auto_tagging": "0.9"}, MissingParts(labels=("People",))),
        (asset(tags=["people"]), {"auto_tagging": "0.5"}, MissingParts()),
        (asset(), {"auto_tagging": "1.0"}, MissingParts()),
        (asset(context={"alt": "x"}), {"context": r"alt=y|a\=b=c"}, MissingParts(context=("a=b",))),
        (asset(tags=["A"]), {"tags": "A,a"}, MissingParts(tags=("a",))),
        ({}, {}, MissingParts()),
    ],
)
def test_what_an_asset_lacks(answer: dict[str, Any], fields: dict[str, str], missing: MissingParts) -> None:
    assert missing_parts(answer, fields) == missing
