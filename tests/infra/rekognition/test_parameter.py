"""Rekognition in the template: everything of it is there only where it is on."""

import json
from typing import Any

import pytest

from tests.infra.cloudformation_template import FUNCTIONS, Template, resolved
from tests.infra.conftest import COMPANY_RULES, OFF

ALARMS = {"RekognitionRefused", "DetectBudgetReached"}
VARIABLES = {"REKOGNITION", "DETECT_PER_DAY", "CLOUDINARY_DELIVERY_BASE", "ORIGINALS_BUCKET", "ORIGINALS_KEY"}


def with_rekognition(transformed: dict[str, Any], *, s3: bool) -> Template:
    off = dict.fromkeys((*COMPANY_RULES, *OFF), False)
    return Template(resolved(transformed, {**off, "RekognitionOn": True, "RekognitionFromS3": s3}))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_may_ask_rekognition_only_where_that_is_on(
    transformed: dict[str, Any], template: Template, function: str
) -> None:
    asks = {("rekognition:DetectLabels", "*"), ("sqs:SendMessage", "BulkQueue")}
    more = {"WorkerFunction": asks, "PollerFunction": {("sqs:GetQueueAttributes", "BulkQueue")}}.get(function, set())
    assert with_rekognition(transformed, s3=False).granted(function) == template.granted(function) | more


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_may_read_originals_only_where_they_are_asked_about(transformed: dict[str, Any], function: str) -> None:
    originals = "arn:${AWS::Partition}:s3:::${OriginalsBucket}/*"
    more = {("s3:GetObject", originals)} if function == "WorkerFunction" else set()
    url, s3 = (with_rekognition(transformed, s3=each).granted(function) for each in (False, True))
    assert s3 == url | more


def test_with_off_the_template_is_as_it_was(transformed: dict[str, Any], template: Template) -> None:
    """No resource, statement or variable of it is left, and what is on adds these and changes nothing else."""
    document = {name: part for name, part in template.document.items() if name in ("Resources", "Outputs")}
    text = json.dumps(document).replace("applies the team's rules to Rekognition's labels", "")
    assert [word for word in ("ekognition", "Detect", "Originals", "DELIVERY_BASE", "DETECT") if word in text] == []
    more = with_rekognition(transformed, s3=True).document["Resources"]
    assert more.keys() - template.document["Resources"].keys() == ALARMS
    assert {name: _without(each) for name, each in more.items() if name not in ALARMS} == {
        name: _without(each) for name, each in template.document["Resources"].items()
    }


def _without(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource without the variables and statements that asking Rekognition adds."""
    copied: dict[str, Any] = json.loads(json.dumps(resource))
    properties = copied.get("Properties", {})
    variables = properties.get("Environment", {}).get("Variables", {})
    for name in VARIABLES:
        variables.pop(name, None)
    added = {"DetectLabels", "QueueDetection", "ReadOriginals", "SeeRoomForDetection"}
    for policy in properties.get("Policies", []):
        statements = policy["PolicyDocument"]["Statement"]
        policy["PolicyDocument"]["Statement"] = [each for each in statements if each.get("Sid") not in added]
    return copied
