"""Bodies that are at most a hint: an equals sign that an upload signature could have covered, or too many bytes."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.model.messages import LabelsObserved, MessageOrigin, RefetchAsset
from autotag.domain.notifications.parse import parse, parse_large
from tests.unit.domain.notifications.changed_samples import changed, labelled, millis, one
from tests.unit.domain.samples import A_UPLOAD, C_INFO, E_ECHO, F_DELETE, G_RENAME, TIMESTAMP


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
