"""``autotag upload``: what is sent for one file and for many, and what is printed of the answers."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.cloudinary.uploading.batch import UploadOptions, upload_all
from autotag_cli.cloudinary.uploading.file_state import FileState
from autotag_cli.cloudinary.uploading.journal import Journal, JournalError
from autotag_cli.cloudinary.uploading.journal_header import JournalHeader
from autotag_cli.cloudinary.uploading.naming import Item, StoredNames, name_all
from autotag_cli.cloudinary.uploading.results import ResultKind
from autotag_cli.cloudinary.uploading.send import Call, Sender
from autotag_cli.cloudinary.uploading.sources import Source
from autotag_cli.cloudinary.uploading.upload_counts import UploadCounts
from tests.unit.autotag_cli.fake_account import md5
from tests.unit.autotag_cli.fake_cloudinary import FakeCloudinary
from tests.unit.autotag_cli.run_command import EVENTS, autotag, objects

GUITARIST = EVENTS / "images" / "guitarist.jpg"
LABELS = [{"tag": "People", "confidence": 0.9922}, {"tag": "Guitar", "confidence": 0.7046}]
ANSWER: dict[str, Any] = {
    "asset_id": "9d2f7c1e4b6a48d0a3c5e8f71b2d6094", "public_id": "guitarist", "resource_type": "image",
    "type": "upload", "format": "jpg", "bytes": 2403, "width": 160, "height": 120, "version": 1, "tags": ["people"],
    "info": {"categorization": {"aws_rek_tagging": {"status": "complete", "data": [LABELS]}}},
}  # fmt: skip


def test_the_vendors_first_example() -> None:
    cloud = FakeCloudinary(ANSWER)
    result = autotag("upload", GUITARIST, "--categorization", "aws_rek_tagging", obj=cloud.environment)

    assert result.exit_code == 0
    (call,) = cloud.received
    assert (call.method, call.path) == ("POST", "auto/upload")
    assert call.file == ("guitarist.jpg", GUITARIST.read_bytes())
    public_id = call.fields.pop("public_id")
    assert len(public_id) == 20 and public_id.isalnum()
    assert call.fields == {"categorization": "aws_rek_tagging", "type": "upload", "overwrite": "false"}
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["tags", "people"] in lines
    assert [(line[0], line[-1]) for line in lines if line and line[0] in ("People", "Guitar")] == [
        ("People", "people"), ("Guitar", "-"),
    ]  # fmt: skip


def test_every_option_is_sent() -> None:
    cloud = FakeCloudinary(ANSWER)
    result = autotag(
        "upload", GUITARIST, "--public-id", "stage/guitarist", "--folder", "/stage/", "--tags", "a, b,a",
        "--context", "k=v", "--context", "a=b=c|d", "--categorization", "aws_rek_tagging,google_tagging",
        "--auto-tagging", "0.7", "--type", "private", "--resource-type", "image", "--no-overwrite",
        "--notification-url", "https://example.com/hook", "--async", "--json", obj=cloud.environment,
    )  # fmt: skip

    assert (result.exit_code, json.loads(result.stdout)) == (0, ANSWER)
    (call,) = cloud.received
    assert call.path == "image/upload"
    assert call.fields == {
        "public_id": "stage/guitarist", "asset_folder": "stage", "tags": "a,b", "context": r"k=v|a=b\=c\|d",
        "categorization": "aws_rek_tagging,google_tagging", "auto_tagging": "0.7", "type": "private",
        "overwrite": "false", "notification_url": "https://example.com/hook", "async": "true",
    }  # fmt: skip


def test_stdin_is_a_file() -> None:
    cloud = FakeCloudinary(ANSWER)
    assert autotag("upload", "-", stdin=b"\xff\xd8pic", obj=cloud.environment).exit_code == 0
    assert cloud.received[0].file == ("stdin", b"\xff\xd8pic")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "one.jpg").write_bytes(b"one")
    (folder / "two.jpg").write_bytes(b"two")
    (folder / "notes.txt").write_bytes(b"notes")
    return folder


def test_a_folder_is_uploaded_by_relative_path(library: Path, tmp_path: Path) -> None:
    cloud = FakeCloudinary({"public_id": "x"})
    result = autotag("upload", library, "--folder", "summer", "--tags", "t", "--jobs", "1", obj=cloud.state(tmp_path))

    assert result.exit_code == 0
    assert [call.fields for call in cloud.received] == [
        {"public_id": f"summer/{name}", "asset_folder": folder, "tags": "t", "type": "upload", "overwrite": "false"}
        for name, folder in (("a/one", "summer/a"), ("two", "summer"))
    ]
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [["uploaded", "2"], ["skipped", "1,"]]
    assert not list((tmp_path / "autotag").iterdir()), "the record goes once all have arrived"


def test_json_prints_an_answer_a_line(library: Path, tmp_path: Path) -> None:
    cloud = FakeCloudinary({"public_id": "x"})
    result = autotag("upload", library, "--json", obj=cloud.state(tmp_path))
    assert objects(result) == [{"public_id": "x"}, {"public_id": "x"}]
    assert "2 files: 2 uploaded, 1 skipped (hidden or no media)." in result.stderr


def test_an_asset_of_the_same_content_is_left_and_one_of_another_is_refused(library: Path, tmp_path: Path) -> None:
    cloud = FakeCloudinary({"existing": True, "etag": md5(b"one")}, {"existing": True, "etag": md5(b"other")})
    result = autotag("upload", library, "--jobs", "1", obj=cloud.state(tmp_path))

    assert result.exit_code == 1
    assert "there already  1" in result.stdout
    assert f"{library / 'two.jpg'}: public_id two has other content in Cloudinary: --overwrite" in result.stderr
    (journal,) = (tmp_path / "autotag").iterdir()
    assert len(journal.read_bytes().splitlines()) == 2

    cloud = FakeCloudinary({"public_id": "two"})
    result = autotag("upload", library, "--jobs", "1", obj=cloud.state(tmp_path))
    assert result.exit_code == 0
    assert [call.fields["public_id"] for call in cloud.received] == ["two"]


def test_what_fails_again_and_again_ends_the_run(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number}.jpg").write_bytes(b"x")
    cloud = FakeCloudinary((500, {"error": {"message": "out of order"}}))
    result = autotag("upload", f"{tmp_path}/*.jpg", "--jobs", "2", obj=cloud.state(tmp_path))
    assert result.exit_code == 1
    assert 20 <= len(cloud.received) < 25
    assert "files were not tried: 20 files failed one after another" in result.stderr


def test_when_arrivals_cannot_be_recorded_no_more_are_sent(library: Path, tmp_path: Path) -> None:
    class FullDisk(Journal):
        def record(self, item: Item, state: FileState, names: StoredNames | None = None) -> None:
            raise JournalError("journal.jsonl cannot be written (No space left on device)")

    cloud = FakeCloudinary({})
    client = CloudinaryClient(Account("demo", "111", "s3cr3t"), adapter=cloud)
    call = Call("auto", {}, None)
    journal = FullDisk(tmp_path / "journal.jsonl", JournalHeader.of("demo", "x", call))
    named = name_all([Source(str(library / "two.jpg"), f"{number}.jpg") for number in range(9)], "", "auto")
    assert upload_all(named, 0, Sender(client, call), journal, UploadOptions(1)) == 1
    assert len(cloud.received) == 1
    journal.close()


def test_a_file_that_cannot_be_read_is_one_that_failed(library: Path, tmp_path: Path) -> None:
    class Vanishing(FakeCloudinary):
        def send(self, *args: Any, **more: Any) -> Any:
            (library / "two.jpg").unlink(missing_ok=True)
            return super().send(*args, **more)

    result = autotag("upload", library, "--jobs", "1", obj=Vanishing({}).state(tmp_path))
    assert result.exit_code == 1
    assert f"{library / 'two.jpg'}: cannot be read (No such file or directory)" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nosuch.jpg",), "nosuch.jpg: there is no such file"),
        ((str(GUITARIST), str(GUITARIST), "--public-id", "x"), "is for a single file"),
        (("-", str(GUITARIST)), "- cannot be combined with other files"),
        ((str(GUITARIST), "--auto-tagging", "1.5"), "--auto-tagging"),
        ((str(GUITARIST), "--context", "novalue"), "--context: expected KEY=VALUE, not 'novalue'"),
        ((str(GUITARIST), "--resource-type", "../x"), "--resource-type: expected image, video, raw or auto"),
        ((str(GUITARIST), "--type", "a/b"), "--type: expected a word"),
        ((), "missing, expected autotag upload"),
    ],
)
def test_wrong_usage_sends_nothing(arguments: tuple[str, ...], sentence: str) -> None:
    cloud = FakeCloudinary()
    result = autotag("upload", *arguments, obj=cloud.environment)
    assert (result.exit_code, cloud.received) == (2, [])
    assert sentence in result.stderr


def test_without_an_account_nothing_is_sent() -> None:
    result = autotag("upload", GUITARIST)
    assert result.exit_code == 2
    assert "CLOUDINARY_URL: is not set" in result.stderr


@pytest.mark.parametrize("came", list(permutations(["uploaded", "there already", "recorded earlier"])))
def test_counts_are_told_in_one_order_whichever_file_came_first(came: tuple[ResultKind, ...]) -> None:
    counts = UploadCounts(skipped=0)
    for kind in (*came, "uploaded"):
        counts.count_arrival(kind)

    assert counts.sentence() == "4 files: 2 uploaded, 1 there already, 1 recorded earlier."
    assert [kind for kind, _ in counts.counts()] == ["uploaded", "there already", "recorded earlier"]
