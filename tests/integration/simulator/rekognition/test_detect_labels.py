"""The local Rekognition answers DetectLabels as botocore's service model says, judged by boto3's own client."""

from typing import Any

import botocore.session
import pytest
from botocore.model import ListShape, Shape, StructureShape
from botocore.validate import ParamValidator

from tests.integration.simulator.files.delivered import fetch
from tests.integration.simulator.rekognition.rekognition_client import JPEG, PNG, detect
from tests.integration.simulator.simulator_client import Simulator


def upload(simulator: Simulator, public_id: str, data: bytes = b"some bytes") -> dict[str, Any]:
    parameters = {"public_id": public_id, "categorization": "aws_rek_tagging"}
    answer = simulator.api("POST", "/image/upload", data=parameters, files={"file": data})
    assert answer.ok, answer.text
    document: dict[str, Any] = answer.json()
    return document


def delivered(simulator: Simulator, asset: dict[str, Any]) -> bytes:
    """Return the JPEG that the service fetches of an asset."""
    place = f"c_limit,w_1600,h_1600/f_jpg,q_85/v{asset['version']}/{asset['public_id']}"
    return fetch(f"{simulator.url}/demo/image/upload/{place}").content


def members(shape: Shape, value: Any) -> None:
    """Assert that ``value`` has no member that the shape does not have; botocore would drop it in silence."""
    if isinstance(shape, StructureShape):
        assert set(value) <= set(shape.members)
        for name, part in value.items():
            members(shape.members[name], part)
    elif isinstance(shape, ListShape):
        for part in value:
            members(shape.member, part)


@pytest.mark.parametrize("data", [JPEG, PNG])
def test_an_answer_has_the_shape_of_the_service_model(simulator: Simulator, data: bytes) -> None:
    answer = detect(simulator, data, MinConfidence=25, MaxLabels=50)
    del answer["ResponseMetadata"]
    model = botocore.session.get_session().get_service_model("rekognition").operation_model("DetectLabels")
    assert model.output_shape is not None
    assert not ParamValidator().validate(answer, model.output_shape).has_errors()
    members(model.output_shape, answer)
    assert len(answer["Labels"]) == 50 and answer["LabelModelVersion"] == "3.0"


def test_a_delivered_picture_has_the_labels_that_the_add_on_found_in_its_original(simulator: Simulator) -> None:
    for public_id in ("zoo/koala5", "plain"):
        asset = upload(simulator, public_id)
        labels = detect(simulator, delivered(simulator, asset), MinConfidence=0)["Labels"]
        answered = {label["Name"]: label["Confidence"] for label in labels}
        found = {
            label["tag"]: label["confidence"] for label in asset["info"]["categorization"]["aws_rek_tagging"]["data"]
        }
        ancestors = {parent["Name"] for label in labels for parent in label["Parents"]}
        assert set(answered) - ancestors <= set(found) <= set(answered)
        assert all(round(answered[name] / 100, 4) == found[name] for name in set(found) - ancestors)
        assert any(value * 10_000 % 1 for value in answered.values()), "confidences have many digits"


def test_all_ancestors_are_named_and_are_labels_at_least_as_sure(simulator: Simulator) -> None:
    labels = detect(simulator, delivered(simulator, upload(simulator, "koala5")), MinConfidence=0)["Labels"]
    by_name = {label["Name"]: label for label in labels}
    koala = by_name["Koala"]
    assert {parent["Name"] for parent in koala["Parents"]} == {"Animal", "Mammal", "Wildlife"}
    assert koala["Categories"] == [{"Name": "Animals and Pets"}]
    for label in labels:
        for parent in label["Parents"]:
            assert by_name[parent["Name"]]["Confidence"] >= label["Confidence"]


def test_an_alias_is_told_and_is_no_label(simulator: Simulator) -> None:
    """The guitarist's recorded labels hold Human, which label model 3.0 calls Person."""
    labels = detect(simulator, delivered(simulator, upload(simulator, "guitarist")))["Labels"]
    by_name = {label["Name"]: label for label in labels}
    assert by_name["Person"]["Aliases"] == [{"Name": "Human"}] and "Human" not in by_name
    box = by_name["Person"]["Instances"][0]["BoundingBox"]
    assert 0 <= box["Left"] <= box["Left"] + box["Width"] <= 1 and 0 <= box["Top"] <= box["Top"] + box["Height"] <= 1


def test_labels_start_at_55_unless_the_call_says_otherwise_and_the_surest_come_first(simulator: Simulator) -> None:
    everything = [label["Confidence"] for label in detect(simulator, MinConfidence=0)["Labels"]]
    assert everything == sorted(everything, reverse=True) and everything[-1] < 55
    assert [label["Confidence"] for label in detect(simulator)["Labels"]] == [c for c in everything if c >= 55]
    some = detect(simulator, MinConfidence=40, MaxLabels=3)["Labels"]
    assert [label["Confidence"] for label in some] == everything[:3]
    assert detect(simulator, MaxLabels=0)["Labels"] == []


def test_the_same_bytes_give_the_same_answer_and_others_another(simulator: Simulator) -> None:
    first, again, other = (detect(simulator, data)["Labels"] for data in (JPEG, JPEG, PNG))
    assert first == again != other


def test_the_label_model_changes_while_it_runs(simulator: Simulator) -> None:
    picture = delivered(simulator, upload(simulator, "koala5"))
    simulator.settings(label_model="3.1", renamed_labels={"Koala": "Koala Bear", "Mammal": "Mammals"})
    answer = detect(simulator, picture)
    by_name = {label["Name"]: label for label in answer["Labels"]}
    assert answer["LabelModelVersion"] == "3.1"
    assert "Koala" not in by_name and {"Name": "Mammals"} in by_name["Koala Bear"]["Parents"]


def test_a_picture_of_an_overwritten_file_has_labels_of_its_own(simulator: Simulator) -> None:
    old = delivered(simulator, upload(simulator, "koala5"))
    simulator.control("PUT", "/clock", {"offset": 60})
    upload(simulator, "koala5", b"another picture")
    assert "Koala" not in {label["Name"] for label in detect(simulator, old)["Labels"]}
