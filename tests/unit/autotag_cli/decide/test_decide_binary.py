"""``autotag decide photo.jpg``: what to give it instead."""

from pathlib import Path

import pytest

from tests.unit.autotag_cli.run_command import EVENTS, autotag

INSTEAD = (
    "is a picture, a video or another binary file, expected Cloudinary's answer about an asset as JSON: "
    "autotag upload FILE --categorization aws_rek_tagging --json or autotag resource PUBLIC_ID --json prints it"
)


@pytest.mark.parametrize(
    "content",
    [
        (EVENTS / "images" / "koala5.jpg").read_bytes(),
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"\x00\x00\x00\x18ftypmp42\x00\x00",
        b"%PDF-1.7\n1 0 obj",
        b"RIFF\x24\x00\x00\x00WEBPVP8 ",
        b"PK\x03\x04\x14\x00",
        b"\xff\xd8\xff\xe0" + b"\xaa" * 17 * 2**20,
    ],
    ids=["jpeg", "png", "mp4", "pdf", "webp", "zip", "large"],
)
def test_a_binary_file_is_one_sentence_that_says_what_to_give(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(content)

    result = autotag("decide", file)

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"autotag: {file}: {INSTEAD}\n")
    assert autotag("decide", "-", stdin=content).stderr == f"autotag: stdin: {INSTEAD}\n"


@pytest.mark.parametrize("content", ["{}".encode("utf-16"), b'{"public_id": "\xff"}', b"", "ü".encode() * 400])
def test_damaged_text_is_not_taken_for_a_picture(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)

    result = autotag("decide", file)

    assert result.exit_code == 2
    assert "picture" not in result.stderr
