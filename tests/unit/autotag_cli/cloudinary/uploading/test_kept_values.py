"""``autotag upload`` of a changed file: what people gave its asset stays, however it is asked for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from typer.testing import Result

from autotag_cli.cloudinary.uploading.kept_values import with_kept_values
from tests.unit.autotag_cli.fake_account import FakeAccount, md5
from tests.unit.autotag_cli.run_command import autotag

OURS = ("--tags", "shoot1", "--context", "alt=koala")
Upload = Callable[..., Result]


@pytest.fixture(params=["cleared", "kept"])
def account(request: pytest.FixtureRequest) -> FakeAccount:
    return FakeAccount(keeps=request.param == "kept")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "lake" / "k.jpg"
    path.parent.mkdir()
    path.write_bytes(b"koala")
    return path


@pytest.fixture(params=["one", "folder", "record", "overwrite", "record and overwrite"])
def upload(request: pytest.FixtureRequest, account: FakeAccount, picture: Path, tmp_path: Path) -> Upload:
    """Upload the picture as ``lake/k``, in one of the ways there are."""
    record = ("--resume", str(tmp_path / "record")) if "record" in request.param else ()
    overwrite = ("--overwrite",) if "overwrite" in request.param else ()
    what = ("--public-id", "lake/k") if request.param == "one" else ("--folder", "lake")
    (picture.parent / "empty.jpg").write_bytes(b"")  # it fails, so that the usual record is kept
    files = picture if request.param == "one" else picture.parent

    def run(*options: str) -> Result:
        options = (*what, *record, *overwrite, *options, "--jobs", "1")
        return autotag("upload", files, *options, obj=account.environment_in(tmp_path / "state"))

    return run


def test_a_changed_file_keeps_what_people_gave_its_asset(upload: Upload, account: FakeAccount, picture: Path) -> None:
    upload(*OURS)
    asset = account.assets["lake/k"]
    assert (asset["tags"], asset["context"]) == (["shoot1"], {"custom": {"alt": "koala"}})
    asset["tags"] += ["press", "embargo"]
    asset["context"]["custom"] |= {"caption": "by the lake", "odd=|\\x": "a|b=c\\d"}
    asset["metadata"] = {"owner": "Zoé", "rights": "a=b|c"}
    asset |= {"asset_folder": "press", "display_name": "Koala at dusk"}
    picture.write_bytes(b"koala, retouched")

    result = upload(*OURS)

    found = account.assets["lake/k"]
    assert found["etag"] == md5(b"koala, retouched"), result.stderr
    assert set(found["tags"]) == {"shoot1", "press", "embargo"}
    assert found["context"]["custom"] == {"alt": "koala", "caption": "by the lake", "odd=|\\x": "a|b=c\\d"}
    assert found["metadata"] == {"owner": "Zoé", "rights": "a=b|c"}
    assert (found["asset_folder"], found["display_name"]) == ("press", "Koala at dusk")


def test_a_person_who_changed_a_value_keeps_it_and_a_line_says_so(
    upload: Upload, account: FakeAccount, picture: Path
) -> None:
    upload(*OURS)
    account.assets["lake/k"]["context"]["custom"]["alt"] = "a bear"
    picture.write_bytes(b"koala, retouched")

    result = upload(*OURS)

    assert account.assets["lake/k"]["context"] == {"custom": {"alt": "a bear"}}
    assert "its context alt stays 'a bear', autotag update changes it" in result.stderr


def test_what_is_asked_besides_is_added(upload: Upload, account: FakeAccount, picture: Path) -> None:
    account.put("lake/k", b"other", tags=["press"], context={"custom": {"caption": "by the lake"}})
    result = upload("--tags", "shoot1,press", "--context", "alt=koala")
    found = account.assets["lake/k"]
    if found["etag"] == md5(b"other"):  # many files replace what the record names, or what --overwrite covers
        assert "has other content in Cloudinary: --overwrite replaces it" in result.stderr
        return
    assert found["tags"] == ["press", "shoot1"]
    assert found["context"]["custom"] == {"caption": "by the lake", "alt": "koala"}


def test_what_a_person_adds_before_the_answer_to_a_replacement_is_lost_is_kept(
    upload: Upload, account: FakeAccount, picture: Path
) -> None:
    upload(*OURS)
    picture.write_bytes(b"koala, retouched")
    done: list[int] = []

    def add_and_lose(number: int) -> None:
        if account.received[-1].fields.get("overwrite") == "true" and not done:
            done.append(number)
            account.assets["lake/k"]["tags"].append("press")
            raise requests.ConnectionError("lost")

    account.before = add_and_lose
    upload(*OURS)

    assert done and set(account.assets["lake/k"]["tags"]) == {"shoot1", "press"}
    assert account.assets["lake/k"]["etag"] == md5(b"koala, retouched")


def test_an_account_with_fixed_folders_names_none() -> None:
    fields = with_kept_values(
        {"tags": [], "folder": "lake"}, {"public_id": "lake/k", "asset_folder": "lake"}, folder_requested=False
    ).fields
    assert fields == {"public_id": "lake/k", "asset_folder": "lake"}


def test_structured_metadata_is_sent_as_it_was_stored() -> None:
    stored = {"tags": [], "metadata": {"colors": ["red", 'a"b|c'], "count": 3, "day": "2026-11-28", "none": None}}
    assert with_kept_values(stored, {}, folder_requested=False).fields == {
        "metadata": 'colors=["red", "a\\"b\\|c"]|count=3|day=2026-11-28',
    }


def test_a_folder_that_a_person_names_for_one_file_is_its_place() -> None:
    stored = {"tags": [], "asset_folder": "press"}
    assert with_kept_values(stored, {"asset_folder": "lake"}, folder_requested=True).fields == {"asset_folder": "lake"}
    assert with_kept_values(stored, {"asset_folder": "lake"}, folder_requested=False).fields == {
        "asset_folder": "press"
    }


def test_where_the_answer_lists_no_tags_the_asset_is_read_first(picture: Path, tmp_path: Path) -> None:
    class Terse(FakeAccount):
        def _upload(self, call: Any) -> dict[str, Any]:
            answer = super()._upload(call)
            return {name: answer[name] for name in answer if name not in ("tags", "context", "metadata")}

    account = Terse()
    account.put("k", b"other", tags=["press"], metadata={"owner": "zoo"})
    result = autotag("upload", picture, "--public-id", "k", "--json", obj=account.environment_in(tmp_path))
    assert (result.exit_code, json.loads(result.stdout)["etag"]) == (0, md5(b"koala"))
    assert (account.assets["k"]["tags"], account.assets["k"]["metadata"]) == (["press"], {"owner": "zoo"})


def test_what_is_to_be_left_is_left_though_its_file_has_changed(
    account: FakeAccount, picture: Path, tmp_path: Path
) -> None:
    options = ("--no-overwrite", "--resume", str(tmp_path / "record"))
    for content in (b"koala", b"koala, retouched"):
        picture.write_bytes(content)
        assert autotag("upload", picture.parent, *options, obj=account.environment_in(tmp_path)).exit_code == 0
    assert account.assets["k"]["etag"] == md5(b"koala")
