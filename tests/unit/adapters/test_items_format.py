"""DynamoDB's low-level format, compared with boto3's own conversion."""

from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from autotag.adapters.aws.dynamodb.items import from_item, to_item

TEXT = st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | TEXT | st.binary(max_size=5)
    | st.sets(TEXT, min_size=1, max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def alike(value: dict[str, Any]) -> Any:
    """Return a native value with its sets in order."""
    ((kind, content),) = value.items()
    if kind == "SS":
        return {kind: sorted(content)}
    if kind == "L":
        return {kind: [alike(each) for each in content]}
    return {kind: {name: alike(each) for name, each in content.items()}} if kind == "M" else value


@given(VALUES)
def test_a_value_is_written_as_boto3_does_and_comes_back(value: Any) -> None:
    item = to_item({"a": value})
    if value is None:
        assert item == {}
        return
    expected: Any = TypeSerializer().serialize(value)
    assert alike(item["a"]) == alike(expected)
    assert from_item(item) == {"a": value}


@given(VALUES)
def test_what_boto3_wrote_is_read_as_it_reads_it(value: Any) -> None:
    native: Any = TypeSerializer().serialize(value)
    assert from_item({"a": native}) == {"a": value}
    assert TypeDeserializer().deserialize(to_item({"a": [value]})["a"]) == TypeDeserializer().deserialize(
        {"L": [native]}
    )
