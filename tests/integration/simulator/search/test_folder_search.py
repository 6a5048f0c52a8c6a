"""The search for folders, by the official SDK.

Source of the answer: pycloudinary test_search.py, cloudinary_npm search_folders_spec and the models of
cloudinary/asset-management-js; of the expression ``path="…"``: ``cld_folder_exists`` of cloudinary-cli.
"""

from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary import SearchFolders
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")

PATHS = ["stage", "Zoo", "Zoo/big cats", "Zoo/big cats/lions", "Zoo2"]


@pytest.fixture(autouse=True)
def folders(simulator: Simulator, sdk: None) -> None:
    for hour, path in enumerate(PATHS):
        simulator.control("PUT", "/clock", {"offset": 3600 * (hour + 1 - len(PATHS))})
        cloudinary.api.create_folder(path)


def found(expression: str) -> list[str]:
    answer = SearchFolders().expression(expression).sort_by("path", "asc").execute()
    assert answer["total_count"] == len(answer["folders"])
    return [folder["path"] for folder in answer["folders"]]


def test_a_search_for_folders_answers_them_the_youngest_first_and_changes_nothing(simulator: Simulator) -> None:
    before = cloudinary.api.root_folders()
    answers: list[Any] = [
        SearchFolders().execute(),
        simulator.api("POST", "/folders/search", json={"expression": ""}).json(),
        simulator.api("GET", "/folders/search").json(),
    ]
    for answer in answers:
        assert [folder["path"] for folder in answer["folders"]] == PATHS[::-1]
        assert (answer["total_count"], "next_cursor" in answer) == (5, False)
        assert isinstance(answer["time"], int)
        assert {key: type(value) for key, value in answer["folders"][0].items()} == {
            "name": str, "path": str, "external_id": str, "created_at": str
        }  # fmt: skip
    assert cloudinary.api.root_folders() == before
    assert [folder["name"] for folder in before["folders"]] == ["Zoo", "Zoo2", "stage"]


@pytest.mark.parametrize(
    ("expression", "paths"),
    [
        ('path="stage"', ["stage"]),
        ('path="sta"', []),
        ("path:Zoo*", PATHS[1:]),
        ('path:"Zoo/*"', PATHS[1:4]),
        ('path="Zoo/big cats"', ["Zoo/big cats"]),
        ("name=lions", ["Zoo/big cats/lions"]),
        ("name=big*", ["Zoo/big cats"]),
        ("name:cats", ["Zoo/big cats"]),
        ("name=cats", []),
        ("name=lions OR name=stage", ["Zoo/big cats/lions", "stage"]),
        ("path:Zoo* AND name:zoo*", ["Zoo", "Zoo2"]),
        ("path:Zoo* AND NOT name=Zoo", PATHS[2:]),
        ("lions", ["Zoo/big cats/lions"]),
        ("created_at<1d", []),
        ("tags=x", []),
    ],
)
def test_folders_are_found_by_path_and_name(expression: str, paths: list[str]) -> None:
    assert found(expression) == paths


def test_a_get_request_may_write_its_order_as_text(simulator: Simulator) -> None:
    answer = simulator.api("GET", "/folders/search", params={"sort_by": "name:asc", "expression": "path:Zoo*"}).json()
    assert [folder["name"] for folder in answer["folders"]] == ["Zoo", "Zoo2", "big cats", "lions"]
    refused = simulator.api("GET", "/folders/search", params={"sort_by": "name:up"})
    assert (refused.status_code, refused.json()["error"]["message"][:36]) == (
        400,
        "Invalid value for parameter sort_by ",
    )


def test_folders_of_uploaded_assets_are_found(simulator: Simulator) -> None:
    cloudinary.uploader.upload(b"x", public_id="a", asset_folder="pf/one")
    assert found("path:pf*") == ["pf", "pf/one"]


@pytest.mark.parametrize("sort", [None, ("name", "asc"), ("path", "desc"), ("created_at", "asc")])
def test_pages_hold_every_folder_once(sort: tuple[str, str] | None) -> None:
    def search() -> Any:
        return SearchFolders().sort_by(*sort) if sort else SearchFolders()

    cloudinary.api.create_folder("deep/er/est")  # three folders of the same moment
    paths, answer = [], search().max_results(2).execute()
    while True:
        paths += [folder["path"] for folder in answer["folders"]]
        if "next_cursor" not in answer:
            break
        answer = search().max_results(2).next_cursor(answer["next_cursor"]).execute()
    assert paths == [folder["path"] for folder in search().execute()["folders"]]
    assert sorted(paths) == sorted([*PATHS, "deep", "deep/er", "deep/er/est"])


@pytest.mark.parametrize(
    ("search", "sentence"),
    [
        (SearchFolders().expression("path:"), "Invalid expression"),
        (SearchFolders().expression("path>a"), "path cannot be compared by >"),
        (SearchFolders().sort_by("bytes"), "Invalid value bytes for parameter sort_by"),
        (SearchFolders().max_results(501), "Invalid max_results 501"),
        (SearchFolders().next_cursor("beauty"), "Invalid next_cursor beauty"),
    ],
)
def test_a_wrong_search_for_folders_is_refused(search: Any, sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        search.execute()
