"""A large file in pieces, over real connections: it arrives whole and once, whatever is lost on the way."""

import hashlib
from pathlib import Path

import pytest

from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.cloudinary.uploading.file_state import open_source, read_state
from autotag_cli.cloudinary.uploading.naming import Item
from autotag_cli.cloudinary.uploading.send import Call, Pieces, Sender, Sent
from tests.integration.simulator.simulator_client import KEY, SECRET, Simulator

CALL = Call("video", {"type": "upload", "categorization": "google_video_tagging"}, None)
PIECES = 5


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"".join(number.to_bytes(4) for number in range(300_000)))
    return path


@pytest.fixture(autouse=True)
def small_pieces(simulator: Simulator) -> None:
    """The simulator takes pieces of less than 5 MB, so that the tests need no large files."""
    simulator.settings(min_chunk_bytes=0)


def send(simulator: Simulator, path: Path, *, overwrite: bool | None = None) -> Sent:
    client = CloudinaryClient(Account("demo", KEY, SECRET, simulator.url))
    call = CALL._replace(overwrite=overwrite)
    sender = Sender(client, call, pieces=Pieces(1_000_000, path.stat().st_size // PIECES), sleep=lambda seconds: None)
    with open_source(str(path)) as stream:
        return sender.send(Item(str(path), "film", {"public_id": "film"}), stream, read_state(stream))


def test_the_usual_size_of_pieces_is_one_that_cloudinary_takes(simulator: Simulator) -> None:
    simulator.control("POST", "/reset")
    assert Pieces().size >= simulator.control("GET", "/settings")["min_chunk_bytes"] == 5 * 1024**2


def check_arrived_once(simulator: Simulator, path: Path) -> None:
    (asset,) = simulator.control("GET", "/assets")["assets"]
    data = path.read_bytes()
    assert (asset["public_id"], asset["bytes"]) == ("film", len(data))
    assert asset["etag"] == hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert simulator.api("GET", "/usage").json()["google_video_tagging"]["usage"] == 1


def test_pieces_become_the_file(simulator: Simulator, large: Path) -> None:
    sent = send(simulator, large)
    assert (sent.found, sent.answer["bytes"]) == (False, large.stat().st_size)
    assert len(simulator.calls(path="*/upload")) == PIECES
    check_arrived_once(simulator, large)


@pytest.mark.parametrize("piece", [1, PIECES])
@pytest.mark.parametrize("effect", [False, True])
def test_a_lost_piece_or_answer_is_made_good(simulator: Simulator, large: Path, piece: int, effect: bool) -> None:
    match = {"path": "*/upload", "every": piece, "count": 1}
    simulator.control("POST", "/faults", {"match": match, "fault": {"drop": True, "effect": effect}})
    sent = send(simulator, large)
    assert sent.answer["public_id"] == "film"
    check_arrived_once(simulator, large)


@pytest.mark.parametrize("call", [PIECES, PIECES + 1, 2 * PIECES])
@pytest.mark.parametrize("effect", [False, True])
def test_a_large_file_replaces_another_once_and_keeps_what_people_gave_it(
    simulator: Simulator, large: Path, call: int, effect: bool
) -> None:
    before = {"public_id": "film", "tags": "press"}
    assert simulator.api("POST", "/video/upload", data=before, files={"file": ("x.mp4", b"other")}).ok
    match = {"path": "*/upload", "every": call, "count": 1}
    simulator.control("POST", "/faults", {"match": match, "fault": {"drop": True, "effect": effect}})

    send(simulator, large, overwrite=True)

    check_arrived_once(simulator, large)
    (asset,) = simulator.control("GET", "/assets")["assets"]
    assert asset["tags"] == ["press"]
