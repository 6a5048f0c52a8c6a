"""Where uploaded bytes are kept, and what is delivered for assets without any."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import imagesize  # type: ignore[import-untyped]
import pytest

from tests.integration.simulator.files.delivered import fetch, refusal
from tests.integration.simulator.simulator_client import Simulator, stop


def upload(simulator: Simulator, public_id: str, text: str) -> str:
    """Upload a text and return the URL of its asset."""
    answer = simulator.api("POST", "/image/upload", data={"file": f"data:,{text}", "public_id": public_id})
    url: str = answer.json()["url"]
    return url


def urls(simulator: Simulator) -> list[str]:
    return [asset["url"] for asset in simulator.control("GET", "/assets")["assets"]]


def test_the_oldest_files_make_room_once_the_limit_is_reached(simulator: Simulator) -> None:
    simulator.settings(kept_file_bytes=10)
    first, second = upload(simulator, "a", "12345"), upload(simulator, "b", "12345")
    assert [fetch(url).content for url in (first, second)] == [b"12345", b"12345"]
    third = upload(simulator, "c", "1")
    assert refusal(first) == (404, "Resource not found - a: its bytes exceeded kept_file_bytes")
    assert [fetch(url).content for url in (second, third)] == [b"12345", b"1"]
    again = upload(simulator, "a", "new")
    assert fetch(again).content == b"new"


def test_files_of_deleted_assets_do_not_count(simulator: Simulator) -> None:
    simulator.settings(kept_file_bytes=10)
    kept = upload(simulator, "a", "12345")
    for _ in range(3):
        upload(simulator, "b", "12345")
        simulator.api("POST", "/image/destroy", data={"public_id": "b"})
    assert fetch(kept).content == b"12345"


def test_a_database_keeps_all_files_across_restarts(start: Callable[..., Simulator], tmp_path: Path) -> None:
    first = start("--database", str(tmp_path / "cloud.db"))
    first.settings(kept_file_bytes=0)
    upload(first, "a", "12345")
    upload(first, "b", "678")
    first.api("POST", "/image/destroy", data={"public_id": "b"})
    stop(first)
    second = start("--database", str(tmp_path / "cloud.db"))
    [url] = urls(second)
    assert url.startswith(second.url) and fetch(url).content == b"12345"
    second.control("POST", "/reset")
    assert fetch(url).status_code == 404


@pytest.mark.parametrize("count", [12])
def test_a_seeded_asset_has_a_picture_that_its_description_fits(
    simulator: Simulator, count: int, tmp_path: Path
) -> None:
    simulator.control("POST", "/seed", {"count": count})
    kinds = set()
    for asset in simulator.control("GET", "/assets")["assets"]:
        delivered = fetch(asset["url"])
        (tmp_path / "picture").write_bytes(delivered.content)
        assert imagesize.get(tmp_path / "picture") == (asset["width"], asset["height"])
        assert hashlib.md5(delivered.content, usedforsecurity=False).hexdigest() == asset["etag"]
        assert len(delivered.content) == asset["bytes"]
        kinds.add((asset["format"], delivered.headers["Content-Type"]))
    assert kinds == {("jpg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp")}


def test_an_image_that_was_uploaded_by_url_has_a_picture_and_other_files_have_none(simulator: Simulator) -> None:
    for kind, name in (("image", "a.gif"), ("raw", "b.csv")):
        simulator.api("POST", f"/{kind}/upload", data={"file": f"https://example.com/{name}", "public_id": name})
    picture, table = urls(simulator)
    assert fetch(picture).headers["Content-Type"] == "image/png"
    assert refusal(table) == (404, "Resource not found - b.csv: it was uploaded by URL, which is not fetched")
