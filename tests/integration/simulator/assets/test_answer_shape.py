"""The fields of answers and their order, as in public answers of 2018 to 2026."""

import base64
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest

from tests.integration.simulator.simulator_client import Receiver, Simulator

pytestmark = pytest.mark.usefixtures("sdk")

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAADklEQVR4nGNgQAVoXAAANAAByG2wCgAAAABJRU5ErkJggg=="
)
LABELS: dict[str, Any] = {"categorization": "aws_rek_tagging", "auto_tagging": 0.9}
FILE = ["width", "height", "format", "resource_type", "created_at", "tags", "bytes", "type", "etag", "placeholder"]
FOLDER = ["url", "secure_url", "folder", "access_mode"]


def upload(**options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = cloudinary.uploader.upload(PNG, **options)
    return answer


def test_the_fields_of_an_upload_come_in_cloudinarys_order(simulator: Simulator, receiver: Receiver) -> None:
    simulator.settings(folder_mode="fixed")
    options = {"public_id": "a", "context": {"alt": "x"}, "notification_url": receiver.url, **LABELS}
    answer = upload(**options, filename="A.PNG")

    names = ["asset_id", "public_id", "version", "version_id", "signature", *FILE, *FOLDER]
    rest = ["context", "info", "original_filename", "original_extension", "api_key"]
    assert [name for name in answer if name != "request_id"] == [*names, *rest]
    assert list(answer["info"]["categorization"]["aws_rek_tagging"]) == ["status", "data"]
    assert list(answer["info"]["categorization"]["aws_rek_tagging"]["data"][0]) == ["tag", "confidence"]
    assert answer["context"] == {"custom": {"alt": "x"}}
    [notification] = receiver.wait("upload")
    assert [name for name in notification.body if name in answer and name != "request_id"] == [
        name for name in answer if name not in ("request_id", "signature")
    ]


def test_an_overwritten_or_existing_asset_says_so_before_the_files_name() -> None:
    upload(public_id="a")
    for name, options in (("overwritten", {}), ("existing", {"overwrite": False})):
        answer = list(upload(public_id="a", **options))
        assert answer[answer.index("original_filename") - 1] == name


def test_an_existing_asset_and_explicit_list_tags_alphabetically_and_an_upload_as_sent() -> None:
    assert upload(public_id="a", tags=["c", "a", "b"])["tags"] == ["c", "a", "b"]
    assert upload(public_id="a", overwrite=False)["tags"] == ["a", "b", "c"]
    assert cloudinary.uploader.explicit("a", type="upload")["tags"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("filename", "format_", "extension"),
    [
        ("a.png", "png", None),
        ("a.PNG", "png", "PNG"),
        ("a.jpg", "png", "jpg"),  # a PNG under a wrong name
        ("a", "png", None),
    ],
)
def test_the_files_extension_is_told_where_it_differs_from_the_format(
    filename: str, format_: str, extension: str | None
) -> None:
    answer = upload(filename=filename)
    assert (answer["format"], answer.get("original_extension")) == (format_, extension)


def test_a_jpeg_extension_is_told_and_a_raw_files_is_not() -> None:
    assert cloudinary.uploader.upload(b"x", filename="a.jpeg")["original_extension"] == "jpeg"
    assert "original_extension" not in cloudinary.uploader.upload(b"x", filename="a.csv", resource_type="raw")


def test_the_admin_api_and_the_search_tell_when_values_last_changed(simulator: Simulator) -> None:
    uploaded = upload(public_id="a", tags=["one"], context={"alt": "x"})
    assert "last_updated" not in uploaded and "last_updated" not in cloudinary.api.resource("a")

    simulator.control("PUT", "/clock", {"offset": 60.0})
    cloudinary.uploader.add_tag("two", ["a"])
    first = cloudinary.api.resource("a")["last_updated"]
    assert first.keys() == {"tags_updated_at", "updated_at"} and first["tags_updated_at"] == first["updated_at"]
    assert first["updated_at"].endswith("+00:00") and first["updated_at"] > uploaded["created_at"]

    simulator.control("PUT", "/clock", {"offset": 120.0})
    cloudinary.api.update("a", context={"alt": "y"}, asset_folder="stage")
    changed = cloudinary.api.resource("a")["last_updated"]
    assert list(changed) == ["context_updated_at", "tags_updated_at", "updated_at"]
    assert changed["tags_updated_at"] == first["tags_updated_at"] < changed["context_updated_at"]
    [listed] = cloudinary.api.resources(type="upload")["resources"]
    [found] = cloudinary.Search().expression("public_id=a").execute()["resources"]
    assert listed["last_updated"] == found["last_updated"] == changed


def test_saving_what_is_there_already_changes_no_time_and_an_overwrite_starts_again() -> None:
    upload(public_id="a", tags=["one"])
    cloudinary.uploader.add_tag("one", ["a"])
    assert "last_updated" not in cloudinary.api.resource("a")
    cloudinary.uploader.rename("a", "b")
    assert list(cloudinary.api.resource("b")["last_updated"]) == ["public_id_updated_at", "updated_at"]
    upload(public_id="b", tags=["one"])
    assert "last_updated" not in cloudinary.api.resource("b")
