"""Notifications as they come: the documented samples, and what is not about labels or tags."""

import json
from hashlib import sha256

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.model.messages import AssetDeleted, AssetRenamed, LabelsObserved, MessageOrigin, TagsEdited
from autotag.domain.notifications.parse import parse, parse_resource
from tests.unit.domain.notifications.changed_samples import changed, labelled, millis, one
from tests.unit.domain.samples import A_UPLOAD, B_PENDING, C_INFO, D_FAILED, E_ECHO, F_DELETE, G_RENAME, TIMESTAMP


def test_sample_a_an_upload_with_its_labels() -> None:
    at = millis("2026-10-08T12:00:00.123Z")
    ref = AssetRef("9d2f7c1e4b6a48d0a3c5e8f71b2d6094", "stage/guitarist", "image", "upload", 1791460800)
    labels = (Label("People", 0.9922), Label("Guitar", 0.7046), Label("Musician", 0.5754))
    assert one(A_UPLOAD) == LabelsObserved(
        asset=ref,
        categorizations={"aws_rek_tagging": Categorization("complete", labels, at)},
        observed_at=at,
        source=MessageOrigin("upload", sha256(A_UPLOAD).hexdigest(), "3f1c0a5e9b7d4c2f8a6e1d0b5c4f3a21"),
        facts=Facts("stage", "jpg", {}, ("people", "person"), at, {}),
    )


def test_sample_b_an_upload_whose_labels_are_still_to_come() -> None:
    message = labelled(B_PENDING)
    at = millis("2026-10-08T12:01:00Z")
    assert message.asset == AssetRef("a1b2c3", "zoo/koala5", "image", "upload", 1791460860)
    assert message.categorizations == {"aws_rek_tagging": Categorization("pending", (), at)}
    assert message.facts == Facts("zoo", "jpg", {}, (), at, {})


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
    ["eager", "moderation", "access_control_changed", "create_folder", "error", "UPLOAD", "", "surprise"],
)
def test_other_types_are_not_ours_to_handle(kind: str) -> None:
    assert parse(changed(A_UPLOAD, notification_type=kind), timestamp=TIMESTAMP) == []


@pytest.mark.parametrize("kind", ["google_speech", "cloudinary_ai", "auto_chaptering", "", None, 7, [], {}, ["aws"]])
def test_an_info_about_anything_but_labels_is_not_ours_to_handle(kind: object) -> None:
    assert parse(changed(C_INFO, info_kind=kind), timestamp=TIMESTAMP) == []


def test_a_rename_tells_the_new_name_and_folder() -> None:
    assert one(G_RENAME) == AssetRenamed(
        AssetRef("a1b2c3", "zoo/karla", "image", "upload", 0),
        "zoo",
        millis("2026-10-08T13:00:00.000Z"),
        MessageOrigin("rename", sha256(G_RENAME).hexdigest(), "7c2e"),
    )


def test_where_folders_are_fixed_the_new_name_tells_the_folder() -> None:
    body = json.loads(changed(G_RENAME, to_public_id="birds/small/emu"))
    del body["asset_folder"]
    message = one(json.dumps(body).encode())
    assert isinstance(message, AssetRenamed) and message.folder == "birds/small"


@pytest.mark.parametrize("folder", ["", None])
def test_where_folders_are_dynamic_a_renamed_asset_stays_in_its_folder(folder: str | None) -> None:
    message = one(changed(G_RENAME, asset_folder=folder, to_public_id="birds/small/emu"))
    assert isinstance(message, AssetRenamed) and message.folder == ""


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
