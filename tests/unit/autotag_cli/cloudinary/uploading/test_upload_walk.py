"""``autotag upload`` of folders and patterns: which files, what is left out, and what of it is a fault."""

import os
from pathlib import Path

import pytest

from tests.unit.autotag_cli.fake_cloudinary import FakeCloudinary
from tests.unit.autotag_cli.run_command import autotag
from tests.unit.autotag_cli.terminal.closed_streams import shut_folder


@pytest.mark.parametrize("where", ["", "/*.jpg", "/**/*.jpg", "/**"])
def test_a_linked_file_or_folder_is_told_and_each_real_file_sent_once(where: str, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "a.jpg").write_bytes(b"one")
    (library / "self").symlink_to(".")
    (library / "b.jpg").symlink_to("a.jpg")
    cloud = FakeCloudinary({"public_id": "a"})

    result = autotag("upload", f"{library}{where}", library / "a.jpg", obj=cloud.state(tmp_path))

    assert result.exit_code == 0
    assert [call.fields["public_id"] for call in cloud.received] == ["a"]
    assert f"{library}/b.jpg is a link and was left out; name it to include it." in result.stderr.splitlines()


def test_a_folder_that_cannot_be_read_is_told_the_rest_is_sent_and_the_exit_code_says_so() -> None:
    cloud = FakeCloudinary({"public_id": "a"})
    with shut_folder({"library/a.jpg": b"one", "shut/b.jpg": b"two"}) as top:
        result = autotag("upload", f"{top}/library", f"{top}/shut", obj=cloud.state(top))
        again = autotag("upload", f"{top}/**/*.jpg", obj=cloud.state(top))

    assert (result.exit_code, again.exit_code) == (1, 1)
    assert [call.fields["public_id"] for call in cloud.received] == ["a", "library/a"]
    sentence = f"autotag: {top}/shut: cannot be read (Permission denied)"
    assert sentence in result.stderr.splitlines() and sentence in again.stderr.splitlines()


def test_a_name_of_nothing_stops_the_upload_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"one")
    os.mkfifo(tmp_path / "pipe.jpg")
    cloud = FakeCloudinary({"public_id": "a"})

    result = autotag(
        "upload", tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "pipe.jpg", tmp_path / "*.png",
        obj=cloud.state(tmp_path),
    )  # fmt: skip

    assert (result.exit_code, cloud.received) == (2, [])
    assert (
        f"{tmp_path}/b.jpg: there is no such file; {tmp_path}/pipe.jpg: is not a file; {tmp_path}/*.png: holds no"
        in (result.stderr)
    )
