"""Large files that come in chunks, as both official SDKs send them."""

import io
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
import requests
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Receiver, Simulator

pytestmark = pytest.mark.usefixtures("sdk")

DATA = bytes(range(256)) * 10
MIN_BYTES = 5 * 1024**2


@pytest.fixture(autouse=True)
def small_chunks(simulator: Simulator, sdk: None) -> None:
    """Chunks may be small, except where a test restores the least size."""
    simulator.settings(min_chunk_bytes=0)


def send(
    simulator: Simulator, piece: bytes, content_range: str, upload_id: str = "u1", **data: str
) -> requests.Response:
    headers = {"Content-Range": content_range, "X-Unique-Upload-Id": upload_id}
    return simulator.api("POST", "/raw/upload", data=data, files={"file": ("big.bin", piece)}, headers=headers)


def stored(simulator: Simulator) -> list[Any]:
    return list(simulator.control("GET", "/assets")["assets"])


def test_chunks_become_one_asset_told_once(simulator: Simulator, receiver: Receiver) -> None:
    answer = cloudinary.uploader.upload_large(
        io.BytesIO(DATA),
        chunk_size=1000,
        filename="zoo.jpg",
        resource_type="image",
        folder="zoo",
        tags=["press"],
        categorization="aws_rek_tagging",
        notification_url=receiver.url,
    )
    assert (answer["bytes"], answer["tags"], answer["resource_type"]) == (len(DATA), ["press"], "image")
    assert answer["etag"] == cloudinary.uploader.upload(DATA)["etag"]
    assert answer["public_id"].startswith("zoo/")
    assert answer["public_id"].count("/") == 1
    assert len(simulator.calls(path="*/image/upload")) == 4
    assert len(receiver.wait("upload")) == 1
    assert len(stored(simulator)) == 2


def test_a_large_file_is_raw_unless_it_says_otherwise() -> None:
    answer = cloudinary.uploader.upload_large(io.BytesIO(DATA), chunk_size=2000, filename="a.bin", use_filename=True)
    assert answer["resource_type"] == "raw"
    assert answer["public_id"].startswith("a_")
    assert answer["public_id"].endswith(".bin")


def test_until_the_last_chunk_the_total_may_be_unknown_and_nothing_is_stored(simulator: Simulator) -> None:
    first = send(simulator, DATA[:1000], "bytes 0-999/-1").json()
    assert (first["done"], first["bytes"]) == (False, 1000)
    assert stored(simulator) == []
    last = send(simulator, DATA[1000:], f"bytes 1000-2559/{len(DATA)}").json()
    assert (last["bytes"], last["public_id"]) == (len(DATA), first["public_id"])
    assert "done" not in last


def test_chunks_may_come_in_any_order_and_again(simulator: Simulator) -> None:
    send(simulator, DATA[1000:], f"bytes 1000-2559/{len(DATA)}", public_id="big")
    send(simulator, DATA[1000:], f"bytes 1000-2559/{len(DATA)}", public_id="big")
    send(simulator, DATA[:1000], f"bytes 0-999/{len(DATA)}", upload_id="another", public_id="other")
    whole = send(simulator, DATA[:1000], f"bytes 0-999/{len(DATA)}", public_id="big")
    assert (whole.json()["public_id"], whole.json()["bytes"]) == ("big", len(DATA))


@pytest.mark.parametrize(
    ("content_range", "upload_id", "sentence"),
    [
        ("bytes 0-5/10", "u", "Invalid Content-Range bytes 0-5/10 for a chunk of 10 bytes"),
        ("0-9/10", "u", "Invalid Content-Range 0-9/10"),
        ("bytes 0-9/10", "", "Missing X-Unique-Upload-Id header"),
        ("bytes 5-14/10", "u", "Chunks overlap or leave a gap"),
    ],
)
def test_a_wrong_chunk_is_refused(simulator: Simulator, content_range: str, upload_id: str, sentence: str) -> None:
    answer = send(simulator, DATA[:10], content_range, upload_id)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(sentence)


@pytest.mark.parametrize("total", [f"{MIN_BYTES + 9}", "-1"])
def test_a_chunk_below_5_mb_is_refused_unless_it_is_the_last(simulator: Simulator, total: str) -> None:
    simulator.settings(min_chunk_bytes=MIN_BYTES)
    small = send(simulator, bytes(MIN_BYTES - 1), f"bytes 0-{MIN_BYTES - 2}/{total}")
    assert small.status_code == 400
    assert small.json()["error"]["message"] == "All parts except EOF-chunk must be larger than 5mb"

    assert send(simulator, bytes(MIN_BYTES), f"bytes 0-{MIN_BYTES - 1}/{total}").json()["done"] is False
    last = send(simulator, bytes(9), f"bytes {MIN_BYTES}-{MIN_BYTES + 8}/{MIN_BYTES + 9}").json()
    assert last["bytes"] == MIN_BYTES + 9


def test_the_least_size_of_a_chunk_is_5_mb_unless_set(simulator: Simulator) -> None:
    simulator.control("POST", "/reset")
    with pytest.raises(BadRequest, match="All parts except EOF-chunk must be larger than 5mb"):
        cloudinary.uploader.upload_large(io.BytesIO(DATA), chunk_size=2000)
    assert stored(simulator) == []


def test_what_is_wrong_with_the_parameters_is_told_with_the_last_chunk() -> None:
    with pytest.raises(BadRequest, match="Categorization item illegal is not valid"):
        cloudinary.uploader.upload_large(io.BytesIO(DATA), chunk_size=2000, categorization="illegal")
