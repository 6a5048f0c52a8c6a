"""The calls of the add-on's documentation page as accounts answer them, and as the page shows them."""

from collections.abc import Callable
from typing import Any

import cloudinary.api
import cloudinary.uploader
import pytest
from cloudinary.exceptions import BadRequest

from tests.integration.simulator.categorization.guitarist_labels import GUITARIST, REKOGNITION
from tests.integration.simulator.simulator_client import Simulator

pytestmark = pytest.mark.usefixtures("sdk")


def upload(public_id: str, **options: Any) -> dict[str, Any]:
    answer: dict[str, Any] = cloudinary.uploader.upload(
        b"x", public_id=public_id, categorization=options.pop("categorization", REKOGNITION), **options
    )
    return answer


def result(body: Any) -> Any:
    return body["info"]["categorization"][REKOGNITION]


def test_the_documented_upload() -> None:
    answer = upload("guitarist", auto_tagging=0.7)

    assert result(answer) == {"status": "complete", "data": GUITARIST}
    assert answer["tags"] == ["people", "person", "human", "electric guitar", "guitar", "musical instrument"]
    assert result(cloudinary.api.resource("guitarist")) == {"status": "complete", "data": GUITARIST}


def test_the_documented_explicit_lists_tags_alphabetically() -> None:
    cloudinary.uploader.upload(b"x", public_id="guitarist", tags=["press"])
    answer = cloudinary.uploader.explicit("guitarist", type="upload", categorization=REKOGNITION, auto_tagging=0.9)

    assert result(answer)["data"] == GUITARIST
    assert answer["tags"] == ["human", "people", "person", "press"]


def test_the_documented_update() -> None:
    cloudinary.uploader.upload(b"x", public_id="koala5")
    answer = cloudinary.api.update("koala5", categorization=REKOGNITION, auto_tagging=0.9)

    assert answer["tags"] == ["animal", "koala", "mammal"]
    data = result(answer)["data"]
    assert data[:3] == [{"tag": tag, "confidence": 0.9933} for tag in ("Animal", "Koala", "Mammal")]
    assert {"tag": "Bear", "confidence": 0.2708} in data
    assert all(label["confidence"] < 0.9 for label in data[3:])


def test_the_page_of_the_add_on_is_answered_word_for_word_where_the_settings_say_so(simulator: Simulator) -> None:
    simulator.settings(data_shape="documented", auto_tagging_case="keep")
    answer = upload("guitarist", auto_tagging=0.7)
    assert result(answer)["data"] == [GUITARIST]
    assert answer["tags"] == ["People", "Person", "Human", "Electric Guitar", "Guitar", "Musical Instrument"]
    cloudinary.uploader.upload(b"x", public_id="koala5")
    updated = cloudinary.api.update("koala5", categorization=REKOGNITION, auto_tagging=0.9)
    assert updated["tags"] == ["Animal", "Koala", "Mammal"]
    assert result(updated)["data"][0] == {"tag": "Animal", "confidence": 0.9933}


def test_the_shape_and_the_case_can_be_chosen_on_the_command_line(start: Callable[..., Simulator]) -> None:
    simulator = start("--data-shape", "nested", "--auto-tagging-case", "keep", "--addon-on-other-kinds", "refuse")
    labels = {"categorization": REKOGNITION, "auto_tagging": "0.9", "public_id": "koala5", "file": "data:,x"}
    answer = simulator.api("POST", "/image/upload", data=labels).json()
    assert result(answer)["data"][0][0] == {"tag": "Animal", "confidence": 0.9933}
    assert answer["tags"] == ["Animal", "Koala", "Mammal"]
    assert simulator.api("POST", "/video/upload", data=labels).status_code == 400


@pytest.mark.parametrize("call", ["upload", "explicit", "update"])
def test_auto_tagging_assigns_in_lower_case_what_reaches_the_threshold_and_adds_to_the_tags(call: str) -> None:
    labels: dict[str, Any] = {"categorization": REKOGNITION, "auto_tagging": 0.7046}
    if call == "upload":
        cloudinary.uploader.upload(b"x", public_id="guitarist", tags=["Press", "guitar"], **labels)
    else:
        cloudinary.uploader.upload(b"x", public_id="guitarist", tags=["Press", "guitar"])
        act = {"explicit": cloudinary.uploader.explicit, "update": cloudinary.api.update}[call]
        act("guitarist", type="upload", **labels)
    assert cloudinary.api.resource("guitarist")["tags"] == [
        "Press", "electric guitar", "guitar", "human", "musical instrument", "people", "person"
    ]  # fmt: skip


def test_auto_tagging_takes_the_labels_of_all_stored_providers() -> None:
    upload("koala5", categorization="google_tagging")
    answer = cloudinary.api.update("koala5", categorization=REKOGNITION, auto_tagging=0.94)
    assert answer["tags"] == ["animal", "koala", "mammal", "marsupial"]


@pytest.mark.parametrize("threshold", ["1.1", "-0.1", "much", "nan"])
def test_auto_tagging_is_between_0_and_1(threshold: str) -> None:
    with pytest.raises(BadRequest, match="auto_tagging"):
        upload("a", auto_tagging=threshold)


def test_auto_tagging_needs_a_categorization() -> None:
    with pytest.raises(BadRequest, match="Must use"):
        cloudinary.uploader.upload(b"x", auto_tagging=0.5)


@pytest.mark.parametrize(
    ("shape", "in_upload", "in_details"),
    [("flat", False, False), ("nested", True, True), ("documented", True, False)],
)
def test_the_shape_of_the_data_is_a_setting(
    simulator: Simulator, shape: str, in_upload: bool, in_details: bool
) -> None:
    simulator.settings(data_shape=shape)
    assert result(upload("guitarist"))["data"] == ([GUITARIST] if in_upload else GUITARIST)
    details = result(cloudinary.api.resource("guitarist"))["data"]
    assert details == ([GUITARIST] if in_details else GUITARIST)
