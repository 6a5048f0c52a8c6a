"""Bodies that no honest sender makes, and fields that are missing or wrong: always ``Invalid``, never anything else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag.domain.notifications.parse import load, parse, parse_large
from tests.unit.domain.samples import A_UPLOAD, C_INFO, D_FAILED, E_ECHO, F_DELETE, G_RENAME, TIMESTAMP

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)

FIELDS = (
    *("notification_type", "notification_context", "timestamp", "request_id", "asset_id", "public_id", "version"),
    *("resource_type", "type", "url", "secure_url", "tags", "asset_folder", "format", "context"),
    *("info", "info_kind", "info_status", "info_data", "resources"),
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"null",
        b"true",
        b"7",
        b'"upload"',
        b"[]",
        b'[{"notification_type":"upload"}]',
        b"{",
        b"{'notification_type':'upload'}",
        b'{"a":1}{"b":2}',
        b'{"a":1,}',
        b"notification_type=upload",
        b'\xef\xbb\xbf{"notification_type":"upload"}',
        b'{"notification_type":"upload","x":"\xff"}',
        b'{"notification_type":"upload","x":"\xed\xa0\x80"}',
        '{"notification_type":"upload"}'.encode("utf-16"),
        b'{"x":NaN}',
        b'{"x":Infinity}',
        b'{"x":-Infinity}',
        b'{"x":1e999}',
        b'{"x":' + b"9" * 5000 + b"}",
        b'{"x":"\\ud800"}',
        b'{"x":"\\udc00\\ud800"}',
        b'{"\\ud800":1}',
        b'{"x":"\x00"}',
        b"[" * 100_000,
        b'{"x":' * 100_000,
        b'{"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
)
def test_what_is_no_strict_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match="body"):
        load(body)
    with pytest.raises(Invalid):
        parse_large(body, timestamp=TIMESTAMP)


def test_of_duplicate_keys_the_last_counts() -> None:
    assert parse(b'{"notification_type":"upload","notification_type":"eager"}', timestamp=TIMESTAMP) == []


@pytest.mark.parametrize("kind", [None, 1, True, [], {}, ["upload"]])
def test_the_type_must_be_a_word(kind: object) -> None:
    with pytest.raises(Invalid, match="notification_type"):
        parse(json.dumps({"notification_type": kind}).encode(), timestamp=TIMESTAMP)
    with pytest.raises(Invalid, match="notification_type"):
        parse(b"{}", timestamp=TIMESTAMP)


@pytest.mark.parametrize("sample", [A_UPLOAD, C_INFO, D_FAILED])
@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("asset_id", [None, "", 7, [], "a/b", "..", "a b", "a\n", "é", "x" * 65]),
        ("public_id", [None, "", 7, [], "x" * 1025]),
        ("version", [None, "1791460800", True, 1.5, -1, [], 10**30]),
    ],
)
def test_a_required_field_is_named(sample: bytes, field: str, values: list[object]) -> None:
    document = json.loads(sample)
    for value in values:
        with pytest.raises(Invalid, match=field):
            parse(json.dumps({**document, field: value}).encode(), timestamp=TIMESTAMP)
    del document[field]
    with pytest.raises(Invalid, match=field):
        parse(json.dumps(document).encode(), timestamp=TIMESTAMP)


@pytest.mark.parametrize("field", ["resource_type", "type"])
@pytest.mark.parametrize("value", ["..", "a/b", "IMAGE", "x" * 33, "image upload", 7, ["image"]])
def test_a_type_that_is_no_word_is_refused(field: str, value: object) -> None:
    with pytest.raises(Invalid, match=field):
        parse(json.dumps({**json.loads(A_UPLOAD), field: value}).encode(), timestamp=TIMESTAMP)


@pytest.mark.parametrize("resources", [None, "x", 7, [7], ["a"], [None], [{}], [{"added": ["x"]}], {"zoo/koala5": 7}])
def test_a_change_of_tags_that_names_no_asset_is_refused(resources: object) -> None:
    with pytest.raises(Invalid):
        messages = parse(json.dumps({**json.loads(E_ECHO), "resources": resources}).encode(), timestamp=TIMESTAMP)
        if messages == []:  # an entry that changes nothing needs no identity
            raise Invalid("resources", "nothing to do")


def test_a_stub_needs_the_asset_id() -> None:
    with pytest.raises(Invalid, match="asset_id"):
        parse_large(b'{"notification_type":"upload"}', timestamp=TIMESTAMP)


@given(
    sample=st.sampled_from([A_UPLOAD, C_INFO, D_FAILED, E_ECHO, F_DELETE, G_RENAME]),
    change=st.dictionaries(
        st.sampled_from(FIELDS),
        JSON,
    ),
)
def test_whatever_stands_in_a_field_the_answer_is_messages_or_a_fault(sample: bytes, change: dict[str, object]) -> None:
    try:
        parse(json.dumps({**json.loads(sample), **change}).encode(), timestamp=TIMESTAMP)
    except Invalid as fault:
        assert fault.expected


@given(st.binary(max_size=64))
def test_whatever_the_bytes_the_answer_is_messages_or_a_fault(body: bytes) -> None:
    try:
        parse(body, timestamp=TIMESTAMP)
    except Invalid as fault:
        assert fault.expected
