"""What Cloudinary refuses again and again stops an upload; what cannot be sent is refused before anything is."""

import os
import string
from pathlib import Path
from typing import Any

import pytest

from tests.unit.autotag_cli.fake_account import FakeAccount
from tests.unit.autotag_cli.fake_cloudinary import FakeCloudinary
from tests.unit.autotag_cli.run_command import autotag


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for number in range(100):
        (folder / f"p{number:03}.jpg").write_bytes(str(number).encode())
    return folder


def said(message: str, status: int = 400) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"message": message}}


class Naming(FakeCloudinary):
    """Refuses each file in words that name it."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__()
        self.message, self.status = message, status

    def send(self, *args: Any, **options: Any) -> Any:
        self.answers = [said(self.message, self.status)]
        response = super().send(*args, **options)
        public_id = self.received[-1].fields["public_id"]
        response._content = response.content.replace(b"PUBLIC_ID", public_id.encode())
        return response


@pytest.mark.parametrize(
    "cloud",
    [
        Naming("Categorization item aws_rek_taging is not valid", 400),
        Naming("Invalid notification_url of PUBLIC_ID", 400),
        Naming("Resource not found - PUBLIC_ID", 404),
        Naming("You don't have an active subscription", 403),
        FakeCloudinary({"existing": True, "etag": "of another content", "tags": []}),
    ],
    ids=["add-on", "url", "404", "403", "other content"],
)
def test_the_same_refusal_again_and_again_stops_the_run(cloud: FakeCloudinary, library: Path, tmp_path: Path) -> None:
    result = autotag("upload", library, "--jobs", "2", obj=cloud.state(tmp_path))
    assert result.exit_code == 1
    assert 20 <= len(cloud.received) < 25
    assert "files were not tried: 20 " in result.stderr


@pytest.mark.parametrize("kinds", [1, 2])
def test_refusals_are_counted_by_their_words_whatever_the_files_are_called(kinds: int, tmp_path: Path) -> None:
    folder = tmp_path / "short"
    folder.mkdir()
    for name in [*string.ascii_lowercase, *(f"{letter}{letter}" for letter in string.ascii_lowercase)]:
        (folder / f"{name}.jpg").write_bytes(name.encode())
    words = ["Categorization item aws_rek_taging is not valid", "The add-on that is asked for is no add-on"][:kinds]
    cloud = FakeCloudinary(*[said(words[number % kinds]) for number in range(52)])
    result = autotag("upload", folder, "--jobs", "1", obj=cloud.state(tmp_path))
    assert (result.exit_code, len(cloud.received)) == (1, 19 * kinds + 1)


def test_broken_files_that_stop_a_run_can_be_passed_over(library: Path, tmp_path: Path) -> None:
    cloud = FakeCloudinary(*[said("Invalid image file")] * 60, {})
    result = autotag("upload", library, "--jobs", "1", obj=cloud.state(tmp_path))
    assert len(cloud.received) == 20
    assert "if only these files are at fault, --keep-going tries the others" in result.stderr

    cloud = FakeCloudinary(*[said("Invalid image file")] * 60, {})
    result = autotag("upload", library, "--jobs", "1", "--keep-going", obj=cloud.state(tmp_path))
    assert (len(cloud.received), result.stdout.split()[:4]) == (100, ["uploaded", "40", "failed", "60"])


def test_refusals_among_arrivals_or_in_other_words_do_not_stop_a_run(library: Path, tmp_path: Path) -> None:
    among: list[Any] = [{}]
    cloud = FakeCloudinary(*([said("Invalid image file")] * 15 + among) * 4, {})
    autotag("upload", library, "--jobs", "1", obj=cloud.state(tmp_path))
    assert len(cloud.received) == 100

    cloud = FakeCloudinary(*[said(f"Unsupported format {number % 7}") for number in range(60)], {})
    autotag("upload", library, "--jobs", "1", obj=cloud.state(tmp_path / "other"))
    assert len(cloud.received) == 100


def test_files_that_cannot_be_read_do_not_stop_the_others(library: Path, tmp_path: Path) -> None:
    class Vanishing(FakeCloudinary):
        def send(self, *args: Any, **options: Any) -> Any:
            for number in range(1, 60):
                (library / f"p{number:03}.jpg").unlink(missing_ok=True)
            return super().send(*args, **options)

    cloud = Vanishing({})
    result = autotag("upload", library, "--jobs", "1", obj=cloud.state(tmp_path))
    assert (result.exit_code, len(cloud.received)) == (1, 41)


class Every(FakeCloudinary):
    """Takes every third file."""

    def send(self, *args: Any, **options: Any) -> Any:
        taken = len(self.received) % 3 == 0
        self.answers = [{} if taken else (500, {"error": {"message": "out of order"}})]
        return super().send(*args, **options)


def test_what_was_recorded_earlier_does_not_hide_that_all_is_refused(library: Path, tmp_path: Path) -> None:
    cloud: FakeCloudinary = Every()
    autotag("upload", library, "--jobs", "1", obj=cloud.state(tmp_path))
    assert len(cloud.received) == 100
    cloud = FakeCloudinary(said("Categorization item x is not valid"))
    autotag("upload", library, "--jobs", "1", obj=cloud.state(tmp_path))
    assert len(cloud.received) == 20


NOT_UTF8 = "caf\udce9"


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("upload", "LIBRARY", "--tags", NOT_UTF8), "--tags"),
        (("upload", "LIBRARY", "--folder", NOT_UTF8), "--folder"),
        (("upload", "LIBRARY", "--context", f"a={NOT_UTF8}"), "--context"),
        (("upload", "LIBRARY", "--categorization", NOT_UTF8), "--categorization"),
        (("upload", "LIBRARY", "--notification-url", NOT_UTF8), "--notification-url"),
        (("upload", "LIBRARY/p001.jpg", "--public-id", NOT_UTF8), "--public-id"),
        (("explicit", NOT_UTF8, "--tags", "a"), "PUBLIC_ID"),
        (("update", "x", "--folder", NOT_UTF8), "--folder"),
        (("update", NOT_UTF8, "--tags", "a"), "caf"),
        (("resource", NOT_UTF8), "caf"),
        (("tags", "add", NOT_UTF8, "--to", "x"), "TAG"),
        (("tags", "add", "a", "--to", NOT_UTF8), "--to"),
    ],
)
def test_what_is_not_utf8_is_refused_before_anything_is_sent(
    library: Path, tmp_path: Path, arguments: tuple[str, ...], option: str
) -> None:
    cloud = FakeCloudinary({})
    given = [argument.replace("LIBRARY", str(library)) for argument in arguments]
    result = autotag(*given, obj=cloud.state(tmp_path))
    assert (result.exit_code, cloud.received) == (2, [])
    assert option in result.stderr and "expected UTF-8" in result.stderr


def test_a_library_below_a_folder_that_is_not_utf8_is_recorded_and_uploaded_once(tmp_path: Path) -> None:
    library = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    library.mkdir()
    for name in ("a.jpg", "b.jpg", os.fsdecode(b"\xff.jpg")):
        (library / name).write_bytes(os.fsencode(name))
    account = FakeAccount()
    for options in ((), ("--resume", str(tmp_path / "record"))):
        for _ in range(2):
            result = autotag("upload", library, "--categorization", "aws_rek_tagging", *options,
                             obj=account.environment_in(tmp_path))  # fmt: skip
            assert result.exit_code == 1, "one name is not UTF-8"
            assert "its name is not UTF-8, rename it" in result.stderr
    assert (account.charged, sorted(account.assets)) == (2, ["a", "b"])


def test_a_single_file_of_a_name_that_is_not_utf8_arrives(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.jpg"))
    path.write_bytes(b"x")
    account = FakeAccount()
    assert autotag("upload", path, "--public-id", "x", obj=account.environment_in(tmp_path)).exit_code == 0
    (call,) = account.uploads
    assert call.file is not None and call.file[1] == b"x"
