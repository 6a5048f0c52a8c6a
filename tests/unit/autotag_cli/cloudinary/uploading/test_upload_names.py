"""The names of uploaded assets: which are sent, which are refused, and what Cloudinary made of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.autotag_cli.fake_account import FakeAccount
from tests.unit.autotag_cli.fake_cloudinary import FakeCloudinary, RecordedCall
from tests.unit.autotag_cli.run_command import autotag


def library(tmp_path: Path, *names: str) -> Path:
    folder = tmp_path / "library"
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def names_sent(account: FakeAccount) -> list[tuple[str, str | None]]:
    return sorted((call.fields["public_id"], call.fields.get("asset_folder")) for call in account.uploads)


class OtherNames(FakeAccount):
    """Stores assets under other names than those sent, as a preset or a preference of an account may."""

    def __init__(self, stored_as: dict[str, str], folder: str = "") -> None:
        super().__init__()
        self.stored_as, self.folder = stored_as, folder

    def _upload(self, call: RecordedCall) -> dict[str, Any]:
        fields = call.fields | {"public_id": self.stored_as.get(call.fields["public_id"], call.fields["public_id"])}
        if self.folder:
            fields["asset_folder"] = self.folder
        return super()._upload(call._replace(fields=fields))


def test_forbidden_characters_of_files_become_underscores_in_public_id_and_folder(tmp_path: Path) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "C++ talk.jpg", "a+b/R&B?.jpg", "50%\x07.jpg")
    assert autotag("upload", folder, "--folder", "x", obj=account.environment_in(tmp_path)).exit_code == 0
    assert names_sent(account) == [("x/50_", "x"), ("x/C_ talk", "x"), ("x/a_b/R_B_", "x/a_b")]


def test_a_reserved_path_element_gets_an_underscore_and_one_line_says_so(tmp_path: Path) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "v2/a.jpg", "v2/b.jpg", "images/v2.jpg", "videos/c.jpg", "v2b/images.jpg")
    result = autotag("upload", folder, "--folder", "x", obj=account.environment_in(tmp_path))
    assert result.exit_code == 0
    assert names_sent(account) == [
        ("x/images_/v2", "x/images"), ("x/v2_/a", "x/v2_"), ("x/v2_/b", "x/v2_"), ("x/v2b/images", "x/v2b"),
        ("x/videos_/c", "x/videos"),
    ]  # fmt: skip
    said = [line for line in result.stderr.splitlines() if "reserved" in line]
    assert said == [
        f"{name} is reserved in Cloudinary's paths, {name}_ is used in its place."
        for name in ("images", "v2", "videos")
    ]


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [
        (("--public-id", "images/a"), ("images_/a", None)),
        (("--public-id", "v2"), ("v2", None)),
        (("--public-id", "a", "--folder", "v2"), ("a", "v2_")),
    ],
)
def test_a_single_file_gets_no_reserved_path_element_either(
    tmp_path: Path, arguments: tuple[str, ...], sent: tuple[str, str | None]
) -> None:
    account = FakeAccount()
    file = library(tmp_path, "a.jpg") / "a.jpg"
    assert autotag("upload", file, *arguments, obj=account.environment_in(tmp_path)).exit_code == 0
    assert names_sent(account) == [sent]


def test_two_files_that_come_to_one_name_are_not_both_sent(tmp_path: Path) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "a+b.jpg", "a_b.jpg", "v2/c.jpg", "v2_/c.jpg")
    result = autotag("upload", folder, obj=account.environment_in(tmp_path))
    assert result.exit_code == 1
    assert [public_id for public_id, _ in names_sent(account)] == ["a_b", "v2_/c"]
    assert result.stderr.count(" is already that of ") == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("upload", "FILE", "--folder", "a&b"), "--folder: expected a folder without ? & # \\ % < > + or control "
         "characters, such as 'a_b', not 'a&b'"),
        (("upload", "FILE", "--folder", "a//b"), "--folder: expected a folder without an empty part between slashes"),
        (("upload", "FILE", "--folder", "x" * 256), "--folder: expected a folder of at most 255 characters, not 256"),
        (("upload", "FILE", "--public-id", "c++"), "--public-id: expected a name without"),
        (("upload", "FILE", "--public-id", "/a"), "--public-id: expected a name without a slash or space at its ends"),
        (("upload", "FILE", "--public-id", ""), "--public-id: expected a name without a slash or space at its ends"),
        (("upload", "FILE", "FILE", "--folder", "a+b"), "such as 'a_b', not 'a+b'"),
        (("explicit", "a", "--folder", "a%b"), "--folder: expected a folder without"),
        (("update", "a", "--folder", "a#b"), "--folder: expected a folder without"),
        (("update", "a", "--folder", "x/v2"), "--folder: expected a folder without the reserved name v2, such as v2_"),
    ],
)  # fmt: skip
def test_a_name_that_cloudinary_forbids_is_one_sentence_before_anything_is_sent(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    cloud = FakeCloudinary({})
    file = library(tmp_path, "a.jpg") / "a.jpg"
    result = autotag(*(str(file) if text == "FILE" else text for text in arguments), obj=cloud.state(tmp_path))
    assert (result.exit_code, cloud.received) == (2, [])
    assert result.stderr.count("\n") == 1 and sentence in result.stderr


@pytest.mark.parametrize("folder", ["images", "/stage/", "stage ", ""])
def test_a_stored_asset_is_moved_to_any_permitted_folder(tmp_path: Path, folder: str) -> None:
    cloud = FakeCloudinary({"public_id": "a"})
    assert autotag("update", "a", "--folder", folder, obj=cloud.state(tmp_path)).exit_code == 0
    assert cloud.received[0].fields["asset_folder"] == folder.strip("/ ")


def test_without_a_folder_none_is_sent_whatever_slashes_the_names_have(tmp_path: Path) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "a/b/one.jpg", "two.jpg")
    assert autotag("upload", folder, obj=account.environment_in(tmp_path)).exit_code == 0
    file = str(folder / "two.jpg")
    assert autotag("upload", file, "--public-id", "stage/a", obj=account.environment_in(tmp_path)).exit_code == 0
    assert names_sent(account) == [("a/b/one", None), ("stage/a", None), ("two", None)]


def test_what_is_stored_under_another_name_is_said_and_recorded_and_found_by_the_next_run(tmp_path: Path) -> None:
    account, record = OtherNames({"x/one": "preset/one"}, folder="elsewhere"), tmp_path / "record"
    folder = library(tmp_path, "one.jpg", "two.jpg")
    command = ("upload", folder, "--folder", "x", "--resume", record)
    result = autotag(*command, obj=account.environment_in(tmp_path))

    assert result.exit_code == 0
    assert f"{folder / 'one.jpg'}: Cloudinary stores it as preset/one, not as x/one" in result.stderr
    assert result.stderr.count("it is in the folder elsewhere in Cloudinary, not in the folder x") == 2
    lines = [json.loads(line) for line in record.read_bytes().splitlines()[1:]]
    recorded = {line["public_id"]: (line.get("sent"), line["asset_folder"]) for line in lines}
    assert recorded == {"preset/one": ("x/one", "elsewhere"), "x/two": (None, "elsewhere")}

    calls = len(account.uploads)
    again = autotag(*command, obj=account.environment_in(tmp_path))
    assert (again.exit_code, len(account.uploads)) == (0, calls)
    assert "recorded earlier  2" in again.stdout

    (folder / "one.jpg").touch()
    autotag(*command, obj=account.environment_in(tmp_path))
    last = json.loads(record.read_bytes().splitlines()[-1])
    assert (last["public_id"], last["sent"], last["asset_folder"]) == ("preset/one", "x/one", "elsewhere")


def test_a_changed_file_replaces_its_asset_under_the_name_that_cloudinary_gave_it(tmp_path: Path) -> None:
    account, record = OtherNames({"one": "preset/one"}), tmp_path / "record"
    folder = library(tmp_path, "one.jpg")
    command = ("upload", folder, "--resume", record)
    autotag(*command, obj=account.environment_in(tmp_path))
    account.assets["preset/one"]["tags"] = ["press"]
    (folder / "one.jpg").write_bytes(b"edited")
    assert autotag(*command, obj=account.environment_in(tmp_path)).exit_code == 0
    assert list(account.assets) == ["preset/one"]
    assert (account.assets["preset/one"]["bytes"], account.assets["preset/one"]["tags"]) == (6, ["press"])


def test_an_existing_asset_is_completed_under_the_name_that_cloudinary_gave_it(tmp_path: Path) -> None:
    account = OtherNames({"one": "preset/one"})
    folder = library(tmp_path, "one.jpg")
    autotag("upload", folder, obj=account.environment_in(tmp_path))
    options = ("--categorization", "aws_rek_tagging", "--tags", "new", "--complete")
    assert autotag("upload", folder, *options, obj=account.environment_in(tmp_path)).exit_code == 0
    assert account.assets["preset/one"]["tags"] == ["new"]
    assert "info" in account.assets["preset/one"]


def test_a_folder_into_which_people_moved_an_asset_is_no_difference(tmp_path: Path) -> None:
    account = FakeAccount()
    folder = library(tmp_path, "one.jpg")
    autotag("upload", folder, "--folder", "x", obj=account.environment_in(tmp_path))
    account.assets["x/one"]["asset_folder"] = "press"
    result = autotag("upload", folder, "--folder", "x", obj=account.environment_in(tmp_path))
    assert (result.exit_code, "not in the folder" in result.stderr) == (0, False)


def test_in_fixed_folder_mode_the_path_of_the_public_id_is_the_folder_that_is_compared(tmp_path: Path) -> None:
    cloud = FakeCloudinary({"public_id": "x/a/one", "folder": "x/a"}, {"public_id": "stage/one", "folder": "stage"})
    folder = library(tmp_path, "a/one.jpg")
    assert "not in" not in autotag("upload", folder, "--folder", "x", obj=cloud.state(tmp_path)).stderr
    file = folder / "a" / "one.jpg"
    result = autotag("upload", file, "--public-id", "stage/one", "--folder", "x", obj=cloud.state(tmp_path))
    assert f"{file}: it is in the folder stage in Cloudinary, not in the folder x" in result.stderr
