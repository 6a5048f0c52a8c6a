"""Identity and facts, as notifications and the Admin API tell them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import AssetRef, is_asset_id, parse_asset_id, parse_facts, parse_ref

BODY: dict[str, Any] = {"asset_id": "a1", "public_id": "zoo/koala", "version": 7}


@pytest.mark.parametrize(
    ("body", "resource_type", "type_"),
    [
        ({"resource_type": "video", "type": "authenticated"}, "video", "authenticated"),
        ({"url": "http://res.cloudinary.com/demo/image/upload/v7/zoo/koala.jpg"}, "image", "upload"),
        ({"secure_url": "https://res.cloudinary.com/demo/video/private/s--x--/v7/zoo/k.mp4"}, "video", "private"),
        ({"url": "http://x/image/upload/a", "secure_url": "https://x/raw/upload/a"}, "raw", "upload"),
        ({"url": "http://res.cloudinary.com/demo/image/upload/v7/video/upload/trap.jpg"}, "image", "upload"),
        ({"resource_type": "image", "url": "http://x/image/private/a"}, "image", "private"),
        ({"url": "https://cdn.example.com/images/v7/koala.jpg"}, "", ""),
        ({"url": None}, "", ""),
        ({"url": 7}, "", ""),
        ({}, "", ""),
    ],
)
def test_the_types_come_from_the_fields_else_from_the_delivery_url(
    body: dict[str, Any], resource_type: str, type_: str
) -> None:
    assert parse_ref({**BODY, **body}) == AssetRef("a1", "zoo/koala", resource_type, type_, 7)


def test_a_public_id_may_hold_anything_that_fits_an_index_key() -> None:
    public_id = "folder/my img é 🐨, a&b?c#d=e %20..//"
    assert parse_ref({**BODY, "public_id": public_id}).public_id == public_id
    assert parse_ref({**BODY, "public_id": "x" * 1024}).public_id == "x" * 1024


def test_a_public_id_that_no_index_takes_is_refused() -> None:
    with pytest.raises(Invalid, match="public_id"):  # DynamoDB: 2048 bytes for an index's hash key
        parse_ref({**BODY, "public_id": "🐨" * 1024})


@given(st.from_regex(r"[0-9A-Za-z_-]{1,64}", fullmatch=True))
def test_an_asset_id_is_safe_in_a_url_path(text: str) -> None:
    assert parse_asset_id(text) == text and is_asset_id(text)


def test_a_version_is_a_time_in_seconds() -> None:
    assert parse_ref({**BODY, "version": 0}).version == 0
    assert parse_ref({**BODY, "version": 10**12 - 1}).version == 10**12 - 1
    with pytest.raises(Invalid, match="version"):
        parse_ref({**BODY, "version": 10**12})


@pytest.mark.parametrize("value", ["", ".", "..", "a.b", "a/b", "a b", "a\n", "a%2e", "é", "x" * 65, None, 7, ["a"]])
def test_anything_else_is_no_asset_id(value: object) -> None:
    with pytest.raises(Invalid, match="asset_id"):
        parse_asset_id(value)


@pytest.mark.parametrize(
    ("body", "folder"),
    [
        ({"asset_folder": "stage/live", "public_id": "x/y"}, "stage/live"),
        ({"asset_folder": "", "public_id": "x/y"}, ""),
        ({"asset_folder": "/stage/", "public_id": "x/y"}, "stage"),
        ({"asset_folder": None, "public_id": "x/y/z"}, ""),
        ({"asset_folder": "", "folder": "x/y", "public_id": "x/y/z"}, ""),
    ],
)
def test_where_folders_are_dynamic_no_path_of_a_public_id_is_a_folder(body: dict[str, Any], folder: str) -> None:
    assert parse_facts(body, 1).folder == folder


@pytest.mark.parametrize(
    ("body", "folder"),
    [
        ({"folder": "stage", "public_id": "stage/y"}, "stage"),
        ({"folder": "", "public_id": "y"}, ""),
        ({"folder": None, "public_id": "x/y/z"}, "x/y"),
        ({"public_id": "x/y/z"}, "x/y"),
        ({"public_id": "z"}, ""),
        ({}, ""),
    ],
)
def test_where_folders_are_fixed_the_folder_is_that_of_the_public_id(body: dict[str, Any], folder: str) -> None:
    assert parse_facts(body, 1).folder == folder


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["b", "a", "b"], ("b", "a")),
        (["a", 7, None, {"x": 1}], ("a",)),
        ("a,b", ()),
        (None, ()),
        ({"a": 1}, ()),
    ],
)
def test_tags_keep_their_order_once_each(tags: object, expected: tuple[str, ...]) -> None:
    assert parse_facts({"tags": tags}, 1).tags == expected


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"custom": {"license": "editorial", "n": 7}}, {"license": "editorial"}),
        ({"license": "editorial"}, {"license": "editorial"}),
        ({"custom": "x"}, {"custom": "x"}),
        ({"": "x", "a": ""}, {"a": ""}),  # DynamoDB takes no empty name in a map
        (None, {}),
        ("x=y", {}),
        ([], {}),
    ],
)
def test_context_is_texts_by_name(context: object, expected: dict[str, str]) -> None:
    assert parse_facts({"context": context}, 1).context == expected


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"licence": "editorial", "day": "2026-11-30"}, {"licence": "editorial", "day": "2026-11-30"}),
        ({"use": ["web", "web", "print"]}, {"use": ("web", "print")}),
        ({"rating": 5, "count": [1, 2]}, {"rating": "5", "count": ("1", "2")}),
        ({"a": None, "b": True, "c": 1.5, "d": {}, "e": "", "f": [], "g": [[]], "": "x", "h": 10**40}, {}),
        ({"short": "x" * 255, "long": "x" * 256, "list": ["x" * 256, "a"]}, {"short": "x" * 255, "list": ("a",)}),
        (None, {}),
        ("a=b", {}),
        ([], {}),
    ],
)
def test_metadata_is_texts_by_the_id_of_their_field(metadata: object, expected: dict[str, object]) -> None:
    assert parse_facts({"metadata": metadata}, 1).metadata == expected


def test_of_too_much_metadata_the_same_fields_are_kept_in_whatever_order_they_come() -> None:
    many = {f"field{n:03d}": "x" * 250 for n in range(100)} | {"z": "small"}
    kept, turned = (parse_facts({"metadata": each}, 1) for each in (many, dict(reversed(many.items()))))
    assert kept == turned and list(kept.known_metadata) == [*sorted(many)[:31], "z"]


@pytest.mark.parametrize(("format_", "expected"), [("jpg", "jpg"), (None, ""), (7, "")])
def test_the_format_is_a_word_or_nothing(format_: object, expected: str) -> None:
    facts = parse_facts({"format": format_}, 5)
    assert (facts.format, facts.observed_at) == (expected, 5)
