"""Search expressions: which assets each means, and what is no expression."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.assets.assets import Asset
from simulator.core.errors import ApiError
from simulator.search.asset_fields import asset_fields
from simulator.search.expression import compile_expression

DAY = 86400.0
NOW = 1_791_460_800.0  # 2026-10-08T12:00:00Z

KOALA = Asset(
    asset_id="a1",
    public_id="zoo/koala5",
    resource_type="image",
    type="upload",
    version=int(NOW - 2 * DAY),
    version_id="v1",
    created_at=NOW - 2 * DAY,
    bytes=3 * 1024 * 1024,
    digest="d",
    etag="e1",
    format="jpg",
    width=1600,
    height=1200,
    original_filename="koala5",
    asset_folder="zoo/australia",
    display_name="Sleepy Koala",
    tags=("Koala", "eucalyptus tree", "press"),
    context={"license": "editorial", "alt": "a koala: asleep"},
    metadata={"sku": "42"},
)
VIDEO = Asset(
    asset_id="a2",
    public_id="stage/concert",
    resource_type="video",
    type="private",
    version=int(NOW - 400 * DAY),
    version_id="v2",
    created_at=NOW - 400 * DAY,
    bytes=500,
    digest="d",
    etag="e2",
    format="mp4",
    width=640,
    height=480,
    original_filename="concert",
    asset_folder="stage",
    display_name="concert",
)


def means(expression: str) -> list[str]:
    test = compile_expression(expression, NOW, asset_fields({}))
    return [asset.asset_id for asset in (KOALA, VIDEO) if test(asset)]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("", ["a1", "a2"]),
        ("resource_type:image", ["a1"]),
        ("resource_type=video AND type=private", ["a2"]),
        ("tags=koala", ["a1"]),
        ("tags=koal", []),
        ("tags:tree", ["a1"]),
        ("tags=tree", []),
        ('tags="eucalyptus tree"', ["a1"]),
        ("tags:euca*", ["a1"]),
        ("tags:*", ["a1"]),
        ("-tags:*", ["a2"]),
        ("tags:(giraffe OR press)", ["a1"]),
        ("tags:(press AND NOT koala)", []),
        ("folder=zoo", []),
        ("folder:zoo/*", ["a1"]),
        ("folder:zoo/australia/*", ["a1"]),
        ("asset_folder=stage", ["a2"]),
        ('asset_folder:"zoo/*"', ["a1"]),
        ("public_id=zoo/koala5", ["a1"]),
        ("public_id:zoo/k*", ["a1"]),
        ("filename:koala*", ["a1"]),
        ('display_name:"sleepy koala"', ["a1"]),
        ("format:jpg OR format:mp4", ["a1", "a2"]),
        ("format:(png || mp4)", ["a2"]),
        ("context.license=editorial", ["a1"]),
        ("context.other:*", []),
        ('context.alt:"koala: asleep"', ["a1"]),
        (r"context.alt:koala\:\ asleep", ["a1"]),
        ("metadata.sku:42", ["a1"]),
        ("asset_id=a2", ["a2"]),
        ("koala", ["a1"]),
        ('"sleepy koala" press', ["a1"]),
        ("koala concert", []),
        ("uploaded_at>3d", ["a1"]),
        ("uploaded_at<1y", ["a2"]),
        ("created_at:[1w TO 1d]", ["a1"]),
        ("created_at>=2026-10-06", ["a1"]),
        ("created_at:2026-10-06", ["a1"]),
        ('created_at<"2026-10-06T12:00:00Z"', ["a2"]),
        ("created_at:{2020-01-01 TO *}", ["a1", "a2"]),
        ("bytes>1mb", ["a1"]),
        ("bytes:[1 TO 500]", ["a2"]),
        ("bytes:{1 TO 500}", []),
        ("width>=640 height<=480", ["a2"]),
        ('aspect_ratio="4:3"', ["a1", "a2"]),
        ("width=1600", ["a1"]),
        ("unknown:x", []),
        ("NOT unknown:x", ["a1", "a2"]),
        ("NOT (tags:koala OR type:private)", []),
        ("!resource_type:image", ["a2"]),
        ("tags:koala OR type:private AND width>10000", ["a1"]),
        ("(tags:koala OR type:private) AND width>10000", []),
        ("+resource_type:image && -tags:giraffe", ["a1"]),
        ("status:active", ["a1", "a2"]),
    ],
)
def test_an_expression_means_the_assets_that_the_documentation_says(expression: str, found: list[str]) -> None:
    assert means(expression) == found


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("tags:", "unexpected end at 5"),
        ("tags:koala AND", "unexpected end at 14"),
        ("AND tags:koala", "unexpected AND at 0"),
        ("(tags:koala", "unexpected end at 11"),
        ("tags:koala)", "unexpected ) at 10"),
        ('tags:"koala', 'unexpected "koala at 5'),
        ("created_at:[1w 1d]", "unexpected 1d at 15"),
        ("created_at:[1w TO 1d", "unexpected end at 20"),
        ("width>much", "much is not a value of width"),
        ("created_at>yesterday", "yesterday is not a value of created_at"),
        ("tags>5", "tags cannot be compared by >"),
        ("tags:[a TO b]", "tags has no ranges"),
        ("(" * 200 + "a" + ")" * 200, "nested deeper than 100"),
        ("-" * 200 + "a", "nested deeper than 100"),
    ],
)
def test_what_is_no_expression_is_told_with_its_place(expression: str, sentence: str) -> None:
    with pytest.raises(ApiError) as refused:
        means(expression)
    assert refused.value.status == 400
    assert refused.value.message == f"Invalid expression - {sentence}"


PIECES = (
    "tags",
    "width",
    "created_at",
    "folder",
    "a",
    "4:3",
    "1d",
    "5mb",
    "AND",
    "OR",
    "NOT",
    "TO",
    *':=<>()[]{}"*-! \\',
)


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_any_text_is_an_expression_or_is_refused(text: str) -> None:
    try:
        assert set(means(text)) <= {"a1", "a2"}
    except ApiError as refused:
        assert refused.status == 400
