"""The audit record: the documented JSON, ids that sort, and the events that announce it."""

import json

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.model.audit import Audit, asset_of_audit, audit_id, detail_types, iso, public, trigger_of
from autotag.domain.model.messages import MessageOrigin
from tests.unit.domain.state.state_builders import T0, audit_of, claimed, complete, facts, state

RULES = """
name = "acme"
[defaults]
review = 0.5
[labels."Electric Guitar"]
threshold = 0.6
tag = "guitar"
parents = ["music"]
"""


@pytest.fixture
def audit() -> Audit:
    found = complete({"Electric Guitar": 0.7046, "Musician": 0.5754, "Cat": 0.1})
    return audit_of(claimed(state(found, facts=facts("press")), RULES))


def test_a_record_as_json_has_the_documented_shape(audit: Audit) -> None:
    version = audit.rules.version
    shown = json.loads(public(audit))
    assert shown.pop("engine")
    assert shown == {
        "audit_id": "a1.1791460805000.111111111111",
        "at": "2026-10-08T12:00:05.000Z",
        "asset": {
            "asset_id": "a1",
            "public_id": "stage/guitarist",
            "resource_type": "image",
            "type": "upload",
            "version": 100,
        },
        "trigger": {"kind": "webhook", "notification_type": "upload", "digest": "d" * 64, "request_id": "r1"},
        "rules": {"name": "acme", "version": version},
        "mode": "apply",
        "outcome": "tagged",
        "tags": {"before": ["press"], "added": ["guitar", "music"], "removed": [], "review": ["Musician"]},
        "labels": [
            {
                "label": "Electric Guitar",
                "provider": "aws_rek_tagging",
                "confidence": 0.7046,
                "outcome": "kept",
                "tag": "guitar",
                "threshold": 0.6,
                "because": 'labels."Electric Guitar".threshold',
            },
            {
                "label": "Musician",
                "provider": "aws_rek_tagging",
                "confidence": 0.5754,
                "outcome": "review",
                "tag": "Musician",
                "threshold": 0.7,
                "because": "defaults.review",
            },
            {
                "label": "Cat",
                "provider": "aws_rek_tagging",
                "confidence": 0.1,
                "outcome": "below_threshold",
                "tag": None,
                "threshold": 0.7,
                "because": "defaults.threshold",
            },
            {
                "label": "music",
                "provider": None,
                "confidence": 0.7046,
                "outcome": "parent",
                "tag": "music",
                "threshold": None,
                "because": 'labels."Electric Guitar".parents',
            },
        ],
    }
    assert len(version) == 64


def test_a_reason_is_shown_where_there_is_one(audit: Audit) -> None:
    assert "reason" not in json.loads(public(audit))
    assert json.loads(public(replace(audit, reason="quota used")))["reason"] == "quota used"


@pytest.mark.parametrize(
    ("outcome", "review", "types"),
    [
        ("tagged", (), ("Asset Tagged",)),
        ("tagged", ("x",), ("Asset Tagged", "Review Needed")),
        ("unchanged", (), ("Asset Unchanged",)),
        ("unchanged", ("x",), ("Review Needed",)),
        ("skipped", (), ("Asset Skipped",)),
        ("gone", ("x",), ("Asset Skipped",)),
        ("failed", (), ("Categorization Failed",)),
        ("timed_out", ("x",), ("Categorization Failed",)),
    ],
)
def test_the_events_that_announce_it(
    audit: Audit, outcome: str, review: tuple[str, ...], types: tuple[str, ...]
) -> None:
    assert detail_types(replace(audit, outcome=outcome, tags=replace(audit.tags, review=review))) == types


def test_ids_sort_by_time_and_name_their_asset() -> None:
    ids = [audit_id("a-1_Z", at, unique) for at, unique in ((5, "z"), (10**9, "b"), (T0, "a"), (T0 + 1, "a"))]
    assert ids == sorted(ids)
    assert {asset_of_audit(identifier) for identifier in ids} == {"a-1_Z"}


@pytest.mark.parametrize("text", ["", "a1", "a1.", ".1.x"])
def test_what_is_no_audit_id_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="audit_id"):
        asset_of_audit(text)


@pytest.mark.parametrize(
    ("at", "text"),
    [(0, "1970-01-01T00:00:00.000Z"), (T0, "2026-10-08T12:00:00.000Z"), (T0 + 7, "2026-10-08T12:00:00.007Z")],
)
def test_times_are_utc_with_milliseconds(at: int, text: str) -> None:
    assert iso(at) == text


def test_a_trigger_names_the_message() -> None:
    trigger = trigger_of("poll", MessageOrigin("resource", "d", "r"))
    assert (trigger.kind, trigger.notification_type, trigger.digest, trigger.request_id) == (
        "poll",
        "resource",
        "d",
        "r",
    )
