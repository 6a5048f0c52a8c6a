"""Queue messages: what goes in comes out, in ASCII."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.errors import Invalid
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.model.messages import (
    AskSample,
    AssetMoved,
    ContextChanged,
    FolderMoved,
    LabelsObserved,
    Message,
    MessageOrigin,
    RefetchAsset,
    ReviewAnswered,
    TagsEdited,
    asset_id_of,
    decode,
    encode,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
AT = st.integers(-(2**40), 2**50)
SOURCE = st.builds(MessageOrigin, TEXT, TEXT, TEXT)
REF = st.builds(AssetRef, TEXT, TEXT, TEXT, TEXT, st.integers(0, 2**40))
LABEL = st.builds(Label, TEXT, st.floats(0, 1), TEXT)
FOUND = st.builds(
    Categorization,
    st.sampled_from(["complete", "pending", "failed"]),
    st.lists(LABEL, max_size=3).map(tuple),
    AT,
    TEXT,
)
TAGS = st.lists(TEXT, max_size=3).map(tuple)
FACTS = st.builds(Facts, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=2), TAGS, AT)
MESSAGE: st.SearchStrategy[Message] = st.one_of(
    st.builds(LabelsObserved, REF, st.dictionaries(TEXT, FOUND, max_size=2), AT, SOURCE, st.none() | FACTS),
    st.builds(TagsEdited, REF, AT, TEXT, SOURCE, TAGS, TAGS),
    st.builds(RefetchAsset, TEXT, AT, SOURCE),
    st.builds(AssetMoved, REF, TEXT, AT, SOURCE),
    st.builds(ContextChanged, REF, AT, SOURCE, st.dictionaries(TEXT, TEXT, max_size=2), TAGS),
    st.builds(FolderMoved, TEXT, TEXT, AT, SOURCE),
    st.builds(ReviewAnswered, TEXT, st.integers(0, 2**40), TEXT, AT, SOURCE, TAGS, TAGS, TAGS),
    st.builds(AskSample, TEXT, st.integers(0, 2**40), TAGS, TEXT, AT, SOURCE),
)


@given(MESSAGE)
def test_a_message_survives_the_queue_unchanged_and_in_ascii(message: Message) -> None:
    text = encode(message)
    assert text.isascii() and text.isprintable()
    assert decode(text) == message
    assert decode(text.encode()) == message


@given(MESSAGE)
def test_a_message_names_the_one_asset_that_it_concerns(message: Message) -> None:
    if isinstance(message, FolderMoved):
        assert asset_id_of(message) == ""
    else:
        if isinstance(message, RefetchAsset | ReviewAnswered | AskSample):
            assert asset_id_of(message) == message.asset_id
        else:
            assert asset_id_of(message) == message.asset.asset_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '{"kind":"unknown"}',
        '{"kind":"recheck"}',
        '{"kind":"recheck","asset_id":7,"observed_at":1,"source":{"notification_type":"upload","digest":""}}',
        b"\xff",
        '{"kind":"labels","asset":{"asset_id":"a"}}',
    ],
)
def test_a_message_that_cannot_be_read_is_invalid(text: str | bytes) -> None:
    with pytest.raises(Invalid, match="queue message"):
        decode(text)


def test_fields_of_a_newer_version_are_tolerated() -> None:
    text = '{"kind":"recheck","asset_id":"a","observed_at":1,"new":[],"source":{"notification_type":"x","digest":""}}'
    assert decode(text) == RefetchAsset("a", 1, MessageOrigin("x", ""))
