"""Large files, which are sent in pieces under one id."""

import io
from pathlib import Path

import pytest

from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.cloudinary.uploading.file_state import open_source, read_state
from autotag_cli.cloudinary.uploading.naming import Item
from autotag_cli.cloudinary.uploading.send import Call, Pieces, Sender
from autotag_cli.errors import Failure
from tests.unit.autotag_cli.fake_account import md5
from tests.unit.autotag_cli.fake_cloudinary import FakeCloudinary


def test_a_large_file_goes_in_pieces_under_one_id(tmp_path: Path) -> None:
    path = tmp_path / "large.tif"
    path.write_bytes(bytes(range(250)))
    cloud = FakeCloudinary({"done": False}, {"done": False}, {"done": True})
    client = CloudinaryClient(Account("demo", "111", "s3cr3t"), adapter=cloud)
    sender = Sender(client, Call("image", {"tags": "a"}, True), pieces=Pieces(249, 100))
    with open_source(str(path)) as stream:
        state = read_state(stream)
        sent = sender.send(Item(str(path), "large", {"public_id": "large"}), stream, state)

    assert sent.answer == {"done": True}
    assert (state.size, state.digest) == (250, md5(path.read_bytes()))
    assert [call.headers["Content-Range"] for call in cloud.received] == [
        "bytes 0-99/250", "bytes 100-199/250", "bytes 200-249/250",
    ]  # fmt: skip
    assert len({call.headers["X-Unique-Upload-Id"] for call in cloud.received}) == 1
    assert b"".join(call.file[1] for call in cloud.received if call.file) == path.read_bytes()
    assert {call.fields["public_id"] for call in cloud.received} == {"large"}


@pytest.mark.parametrize("missing", [1, 2])
def test_pieces_that_make_no_file_are_sent_once_more(tmp_path: Path, missing: int) -> None:
    path = tmp_path / "large.tif"
    path.write_bytes(bytes(200))
    cloud = FakeCloudinary(*[{"done": False}] * 2 * missing, {"done": False}, {"done": True})
    client = CloudinaryClient(Account("demo", "111", "s3cr3t"), adapter=cloud)
    sender = Sender(client, Call("image", {}, None), pieces=Pieces(100, 100))
    with open_source(str(path)) as stream:
        if missing == 1:
            assert sender.send(Item(str(path), "large", {}), stream, read_state(stream)).answer == {"done": True}
        else:
            with pytest.raises(Failure, match="did not put the pieces together"):
                sender.send(Item(str(path), "large", {}), stream, read_state(stream))
    assert len({call.headers["X-Unique-Upload-Id"] for call in cloud.received}) == 2


def test_a_large_file_is_read_in_blocks_while_it_is_sent(tmp_path: Path) -> None:
    class Watched(io.BufferedReader):
        most = 0

        def read(self, size: int | None = -1, /) -> bytes:
            found = super().read(size)
            self.most = max(self.most, len(found))
            return found

    path = tmp_path / "large.mp4"
    path.write_bytes(bytes(5_000_000))
    client = CloudinaryClient(Account("demo", "111", "s3cr3t"), adapter=FakeCloudinary({}))
    sender = Sender(client, Call("video", {}, True), pieces=Pieces(1_000_000, 2_000_000))
    with Watched(io.FileIO(path)) as stream:
        sender.send(Item(str(path), "large", {}), stream, read_state(stream))
        assert 0 < stream.most <= 64 * 1024
