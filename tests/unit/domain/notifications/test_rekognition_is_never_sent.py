"""Labels of Rekognition come from the service's own call alone: nothing from outside can supply them."""

import json

from autotag.domain.model.labels import ADDONS, PROVIDERS, REKOGNITION
from autotag.domain.model.messages import MessageOrigin
from autotag.domain.notifications.parse import parse, parse_large, parse_resource
from tests.unit.domain.notifications.changed_samples import changed, labelled
from tests.unit.domain.samples import A_UPLOAD, C_INFO, TIMESTAMP

FORGED = {"status": "complete", "data": [{"tag": "Guitar", "confidence": 0.99}], "model": "3.0"}


def test_rules_may_name_one_provider_more_than_notifications_can_carry() -> None:
    assert {REKOGNITION} == PROVIDERS - ADDONS


def test_a_signed_info_notification_of_rekognition_is_no_message() -> None:
    body = changed(C_INFO, info_kind=REKOGNITION)
    assert parse(body, timestamp=TIMESTAMP) == []
    assert parse_large(body, timestamp=TIMESTAMP) == []


def test_labels_of_rekognition_in_a_signed_upload_are_ignored() -> None:
    info = json.loads(A_UPLOAD)["info"]
    info["categorization"][REKOGNITION] = FORGED
    assert labelled(changed(A_UPLOAD, info=info)).categorizations == labelled(A_UPLOAD).categorizations


def test_labels_of_rekognition_in_an_answer_of_cloudinary_are_ignored() -> None:
    body = {**json.loads(A_UPLOAD), "info": {"categorization": {REKOGNITION: FORGED}}}
    assert parse_resource(body, 1, MessageOrigin("resource", "")).categorizations == {}
