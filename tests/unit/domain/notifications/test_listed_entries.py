"""Notifications that list assets: an entry that cannot be read costs itself alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from autotag.domain.errors import Invalid
from autotag.domain.model.messages import AssetDeleted, Message, asset_id_of
from autotag.domain.notifications.parse import parse, parse_large
from tests.unit.domain.samples import E_ECHO, F_DELETE, TIMESTAMP

Entry = dict[str, Any]

ODD: list[object] = [
    7, None, "a", [], {}, {"added": ["x"]}, {"asset_id": "a/b", "public_id": "p", "added": ["x"]},
    {"asset_id": "b", "added": ["x"]}, {"asset_id": "b", "public_id": "", "added": ["x"]},
    {"asset_id": "b", "public_id": "p", "type": "../x", "resource_type": "image", "added": ["x"]},
    {"asset_id": "b", "public_id": "p", "resource_type": 7, "type": "upload", "added": ["x"]},
]  # fmt: skip


def entry(asset_id: str, **change: object) -> Entry:
    return {
        "asset_id": asset_id, "public_id": f"zoo/{asset_id}", "resource_type": "image", "type": "upload",
        "added": ["x"], **change,
    }  # fmt: skip


def read(
    sample: bytes, resources: object, parse: Callable[..., list[Message]] = parse
) -> tuple[list[Message], list[str]]:
    """Return the messages, and the faults of the entries that are none."""
    faults: list[Invalid] = []
    body = json.dumps({**json.loads(sample), "resources": resources}).encode()
    return parse(body, timestamp=TIMESTAMP, on_invalid=faults.append), [str(fault) for fault in faults]


@pytest.mark.parametrize("parse", [parse, parse_large])
@pytest.mark.parametrize("sample", [E_ECHO, F_DELETE])
@pytest.mark.parametrize("odd", ODD)
def test_one_odd_entry_costs_itself_alone_and_is_named(
    odd: object, sample: bytes, parse: Callable[..., list[Message]]
) -> None:
    if sample is E_ECHO and odd == {}:
        odd = {"removed": ["x"]}  # what changes nothing needs no identity
    for resources in ([odd, entry("a"), entry("c")], [entry("a"), odd, entry("c")], [entry("a"), entry("c"), odd]):
        messages, faults = read(sample, resources, parse)

        assert [asset_id_of(message) for message in messages] == ["a", "c"]
        assert [fault.startswith(f"resources[{resources.index(odd)}]") for fault in faults] == [True]


@pytest.mark.parametrize("sample", [E_ECHO, F_DELETE])
def test_one_odd_entry_of_those_by_name_costs_itself_alone(sample: bytes) -> None:
    resources = {"zoo/a": entry("a"), "zoo/b": 7, "": entry("c", public_id=""), "zoo/d": entry("d")}
    messages, faults = read(sample, resources)

    assert [asset_id_of(message) for message in messages] == ["a", "d"]
    assert faults == ["resources[1]: expected an object", "resources[2].public_id: expected 1 to 1024 bytes of UTF-8"]


@pytest.mark.parametrize("sample", [E_ECHO, F_DELETE])
def test_where_no_entry_can_be_read_the_notification_is_refused(sample: bytes) -> None:
    with pytest.raises(Invalid, match=r"resources\[0\]: expected an object"):
        read(sample, [7, None, "x"])


def test_a_delete_is_understood_whether_or_not_it_tells_the_version() -> None:
    known = [entry("a", version=1618505146), entry("b"), entry("c", version=None)]
    messages, faults = read(F_DELETE, known)

    versions = [message.asset.version for message in messages if isinstance(message, AssetDeleted)]
    assert (versions, faults) == ([1618505146, 0, 0], [])


@pytest.mark.parametrize(
    "type_",
    ["upload", "private", "authenticated", "fetch", "facebook", "twitter_name", "youtube", "url2png", "list", None, ""],
)
@pytest.mark.parametrize("sample", [E_ECHO, F_DELETE])
def test_every_delivery_type_is_accepted(type_: str | None, sample: bytes) -> None:
    messages, faults = read(sample, [entry("a", type=type_)])

    assert ([asset_id_of(message) for message in messages], faults) == (["a"], [])
