"""What fields of a notification turn into: providers, unknown fields, the moment of the event."""

import json
from datetime import UTC, datetime

import pytest

from autotag.domain.model.labels import ADDONS
from tests.unit.domain.notifications.changed_samples import changed, labelled, millis
from tests.unit.domain.samples import A_UPLOAD, C_INFO, TIMESTAMP


@pytest.mark.parametrize("provider", sorted(ADDONS))
def test_every_provider_is_kept_whatever_the_rules_will_say(provider: str) -> None:
    assert labelled(changed(C_INFO, info_kind=provider)).categorizations.keys() == {provider}


def test_unknown_fields_are_tolerated_everywhere() -> None:
    body = json.loads(A_UPLOAD)
    body["new"] = {"deep": [None, 1, {}]}
    body["info"]["new"] = body["info"]["categorization"]["new"] = {"status": "complete", "data": 3}
    body["info"]["categorization"]["aws_rek_tagging"]["new"] = 1
    body["info"]["categorization"]["aws_rek_tagging"]["data"][0][0]["new"] = []
    body["notification_context"]["new"] = body["notification_context"]["triggered_by"]["new"] = None
    message = labelled(json.dumps(body).encode())
    known = labelled(A_UPLOAD)
    assert (message.asset, message.facts, message.categorizations) == (
        known.asset,
        known.facts,
        known.categorizations,
    )


@pytest.mark.parametrize(
    "info", [None, "x", [], {}, {"categorization": None}, {"categorization": []}, {"categorization": {"x": {}}}]
)
def test_an_upload_without_categorization_has_none(info: object) -> None:
    assert labelled(changed(A_UPLOAD, info=info)).categorizations == {}


def test_several_providers_side_by_side() -> None:
    found = {
        "aws_rek_tagging": {"status": "complete", "data": [{"tag": "Cat", "confidence": 0.9}]},
        "google_tagging": {"status": "pending"},
        "imagga_tagging": "not an object",
    }
    message = labelled(changed(A_UPLOAD, info={"categorization": found}))
    assert {name: entry.status for name, entry in message.categorizations.items()} == {
        "aws_rek_tagging": "complete",
        "google_tagging": "pending",
    }


@pytest.mark.parametrize(
    ("context", "timestamp", "expected"),
    [
        ({"triggered_at": "2026-10-08T12:00:00.5Z"}, "2026-10-08T11:00:00Z", "2026-10-08T12:00:00.5Z"),
        ({"triggered_at": "2026-10-08T14:00:00+02:00"}, None, "2026-10-08T12:00:00Z"),
        ({"triggered_at": "2026-10-08T12:00:00"}, None, "2026-10-08T12:00:00Z"),
        ({"triggered_at": "not a time"}, "2026-10-08T11:00:00+00:00", "2026-10-08T11:00:00Z"),
        ({"triggered_at": 5}, "2026-10-08T11:00:00+00:00", "2026-10-08T11:00:00Z"),
        ({}, "2026-10-08T11:00:00+00:00", "2026-10-08T11:00:00Z"),
        (None, "2026-10-08T11:00:00+00:00", "2026-10-08T11:00:00Z"),
        ("x", None, None),
        (None, "yesterday", None),
        (None, 1791460800, None),
        ({"triggered_at": "0001-01-01T00:00:00+23:59"}, None, None),
    ],
)
def test_the_moment_of_the_event_is_the_best_that_is_told(
    context: object, timestamp: object, expected: str | None
) -> None:
    body = changed(A_UPLOAD, notification_context=context, timestamp=timestamp)
    signed_at = datetime.fromtimestamp(TIMESTAMP, UTC).isoformat()
    assert labelled(body).observed_at == millis(expected or signed_at)
