"""Notifications as they come: the documented samples, and what each of their fields turns into."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import PROVIDERS, Categorization, Label
from autotag.domain.model.messages import (
    AssetDeleted,
    AssetRenamed,
    LabelsObserved,
    Message,
    MessageOrigin,
    RefetchAsset,
    TagsEdited,
)
from autotag.domain.notifications.parse import parse, parse_large, parse_resource
from tests.unit.domain.samples import A_UPLOAD, B_PENDING, C_INFO, D_FAILED, E_ECHO, F_DELETE, G_RENAME, TIMESTAMP


def millis(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def one(body: bytes, own_key: str = "") -> Message:
    (message,) = parse(body, timestamp=TIMESTAMP, own_key=own_key)
    return message


def labelled(body: bytes) -> LabelsObserved:
    message = one(body)
    assert isinstance(message, LabelsObserved)
    return message


def changed(body: bytes, **change: object) -> bytes:
    return json.dumps({**json.loads(body), **change}).encode()


def without(body: bytes, *names: str) -> bytes:
    return json.dumps({k: v for k, v in json.loads(body).items() if k not in names}).encode()


def test_sample_a_an_upload_with_its_labels() -> None:
    at = millis("2026-10-08T12:00:00.123Z")
    ref = AssetRef("9d2f7c1e4b6a48d0a3c5e8f71b2d6094", "stage/guitarist", "image", "upload", 1791460800)
    labels = (Label("People", 0.9922), Label("Guitar", 0.7046), Label("Musician", 0.5754))
    assert one(A_UPLOAD) == LabelsObserved(
        asset=ref,
        categorizations={"aws_rek_tagging": Categorization("complete", labels, at)},
        observed_at=at,
        source=MessageOrigin("upload", sha256(A_UPLOAD).hexdigest(), "3f1c0a5e9b7d4c2f8a6e1d0b5c4f3a21"),
        facts=Facts("stage", "jpg", {}, ("people", "person"), at),
    )


def test_sample_b_an_upload_whose_labels_are_still_to_come() -> None:
    message = labelled(B_PENDING)
    at = millis("2026-10-08T12:01:00Z")
    assert message.asset == AssetRef("a1b2c3", "zoo/koala5", "image", "upload", 1791460860)
    assert message.categorizations == {"aws_rek_tagging": Categorization("pending", (), at)}
    assert message.facts == Facts("zoo", "jpg", {}, (), at)


def test_sample_c_the_completion_tells_the_types_through_its_url_and_carries_no_facts() -> None:
    at = millis("2026-10-08T12:01:09Z")
    assert one(C_INFO) == LabelsObserved(
        asset=AssetRef("a1b2c3", "zoo/koala5", "image", "upload", 1791460860),
        categorizations={
            "aws_rek_tagging": Categorization("complete", (Label("Animal", 0.9933), Label("Koala", 0.9933)), at)
        },
        observed_at=at,
        source=MessageOrigin("info", sha256(C_INFO).hexdigest()),
    )


def test_sample_d_a_failure_keeps_cloudinarys_own_words() -> None:
    message = labelled(D_FAILED)
    failed = Categorization("failed", observed_at=TIMESTAMP * 1000, error="Failed to process request")
    assert message.categorizations == {"aws_rek_tagging": failed}
    assert message.facts is None


def test_sample_e_a_person_unless_the_key_is_known_to_be_ours_alone() -> None:
    assert one(E_ECHO) == TagsEdited(
        asset=AssetRef("a1b2c3", "zoo/koala5", "image", "upload", 0),
        observed_at=millis("2026-10-08T12:01:12Z"),
        by="222222222222222",
        source=MessageOrigin("resource_tags_changed", sha256(E_ECHO).hexdigest()),
        added=("koala",),
    )
    assert parse(E_ECHO, timestamp=TIMESTAMP, own_key="222222222222222") == []
    assert len(parse(E_ECHO, timestamp=TIMESTAMP, own_key="333")) == 1


@pytest.mark.parametrize(
    "kind",
    ["eager", "moderation", "resource_metadata_changed", "create_folder", "error", "UPLOAD", "", "surprise"],
)
def test_other_types_are_not_ours_to_handle(kind: str) -> None:
    assert parse(changed(A_UPLOAD, notification_type=kind), timestamp=TIMESTAMP) == []


@pytest.mark.parametrize("kind", ["google_speech", "cloudinary_ai", "auto_chaptering", "", None, 7, [], {}, ["aws"]])
def test_an_info_about_anything_but_labels_is_not_ours_to_handle(kind: object) -> None:
    assert parse(changed(C_INFO, info_kind=kind), timestamp=TIMESTAMP) == []


@pytest.mark.parametrize("provider", sorted(PROVIDERS))
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


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": "a=b"},
        {"tags": ["k=v"]},
        {"context": {"custom": {"k": "1=1"}}},
        {"extra=": 1},
    ],
)
def test_a_body_that_holds_an_equals_sign_is_a_hint_only(change: dict[str, object]) -> None:
    body = changed(A_UPLOAD, **change)
    assert one(body) == RefetchAsset(
        asset_id="9d2f7c1e4b6a48d0a3c5e8f71b2d6094",
        observed_at=labelled(A_UPLOAD).observed_at,
        source=MessageOrigin("upload", sha256(body).hexdigest(), "3f1c0a5e9b7d4c2f8a6e1d0b5c4f3a21"),
    )


def test_an_escaped_equals_sign_is_data() -> None:
    body = changed(A_UPLOAD, display_name="?").replace(b'"?"', b'"a\\u003db"')
    assert isinstance(one(body), LabelsObserved)


def test_a_change_of_tags_that_holds_an_equals_sign_is_a_hint_for_each_of_its_assets() -> None:
    entries = [
        {"asset_id": name, "public_id": name, "resource_type": "image", "type": "upload", "added": ["k=v"]}
        for name in ("a", "b")
    ]
    messages = parse(changed(E_ECHO, resources=entries), timestamp=TIMESTAMP)
    assert [type(message) for message in messages] == [RefetchAsset, RefetchAsset]
    assert [message.asset_id for message in messages if isinstance(message, RefetchAsset)] == ["a", "b"]


def test_a_stub_names_the_asset_to_read() -> None:
    assert parse_large(A_UPLOAD, timestamp=TIMESTAMP) == [
        RefetchAsset(
            "9d2f7c1e4b6a48d0a3c5e8f71b2d6094",
            millis("2026-10-08T12:00:00.123Z"),
            MessageOrigin("upload", sha256(A_UPLOAD).hexdigest()),
        )
    ]
    assert [type(message) for message in parse_large(C_INFO, timestamp=TIMESTAMP)] == [RefetchAsset]


@pytest.mark.parametrize(
    "body", [changed(A_UPLOAD, notification_type="eager"), changed(C_INFO, info_kind="google_speech")]
)
def test_what_is_not_ours_to_handle_leaves_no_stub(body: bytes) -> None:
    assert parse_large(body, timestamp=TIMESTAMP) == []


@pytest.mark.parametrize("kind", [None, 1, [], {"a": []}])
@pytest.mark.parametrize("read", [parse, parse_large])
def test_a_type_that_is_no_string_is_refused_however_large_the_body(read: Callable[..., object], kind: object) -> None:
    with pytest.raises(Invalid, match="notification_type: expected a string"):
        read(changed(A_UPLOAD, notification_type=kind), timestamp=TIMESTAMP)


@pytest.mark.parametrize("body", [E_ECHO, F_DELETE, G_RENAME])
def test_what_lists_assets_is_read_in_full_however_large(body: bytes) -> None:
    assert parse_large(body, timestamp=TIMESTAMP) == parse(body, timestamp=TIMESTAMP) != []


def test_a_rename_tells_the_new_name_and_folder() -> None:
    assert one(G_RENAME) == AssetRenamed(
        AssetRef("a1b2c3", "zoo/karla", "image", "upload", 0),
        "zoo",
        millis("2026-10-08T13:00:00.000Z"),
        MessageOrigin("rename", sha256(G_RENAME).hexdigest(), "7c2e"),
    )


def test_where_folders_are_fixed_the_new_name_tells_the_folder() -> None:
    message = one(changed(G_RENAME, asset_folder=None, to_public_id="birds/small/emu"))
    assert isinstance(message, AssetRenamed) and message.folder == "birds/small"


@pytest.mark.parametrize("name", [None, "", 7, ["a"]])
def test_a_rename_without_a_new_name_is_refused(name: object) -> None:
    with pytest.raises(Invalid, match="public_id"):
        parse(changed(G_RENAME, to_public_id=name), timestamp=TIMESTAMP)


def test_a_delete_is_split_into_its_assets() -> None:
    entries = [{"asset_id": n, "public_id": n, "resource_type": "image", "type": "upload", "version": 7} for n in "ab"]
    messages = parse(changed(F_DELETE, resources=entries), timestamp=TIMESTAMP)
    at, source = millis("2026-10-08T13:00:00.000Z"), MessageOrigin("delete", messages[0].source.digest)
    assert messages == [AssetDeleted(AssetRef(n, n, "image", "upload", 7), at, source) for n in "ab"]


def test_a_delete_that_names_its_assets_by_public_id_is_read_alike() -> None:
    entry = {"asset_id": "a1b2c3", "resource_type": "image", "type": "upload"}
    (message,) = parse(changed(F_DELETE, resources={"zoo/koala5": entry}), timestamp=TIMESTAMP)
    assert isinstance(message, AssetDeleted) and message.asset == AssetRef("a1b2c3", "zoo/koala5", "image", "upload", 0)


def test_an_admin_answer_reads_like_an_upload() -> None:
    answer = json.loads(B_PENDING)
    found = parse_resource(answer, 5, MessageOrigin("resource", ""))
    assert found.observed_at == 5 and found.facts is not None and found.facts.observed_at == 5
    assert found.asset == labelled(B_PENDING).asset
