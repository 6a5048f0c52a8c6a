"""Structured metadata follows the asset: uploads and notifications tell it, and rules decide by it."""

from itertools import permutations
from typing import Any

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef, MetadataValue
from autotag.domain.model.messages import MessageOrigin, MetadataChanged
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.lifecycle.folder_rules import MINUTE

RULES = """
[[when]]
metadata = { licence = ["editorial", "press"] }
add = ["editorial use"]
"""


def given_with(metadata: dict[str, Any] | None, rules: str = RULES) -> Fakes:
    """An asset that was decided on after an upload with this metadata."""
    fakes = Fakes(rules)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST) | ({} if metadata is None else {"metadata": metadata})
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(3600)
    return fakes


def changed(at: int = START + MINUTE, removed: tuple[str, ...] = (), **values: MetadataValue) -> MetadataChanged:
    ref = AssetRef("a1", "stage/a1", "image", "upload", 0)
    return MetadataChanged(ref, at, MessageOrigin("resource_metadata_changed", f"m{at}"), values, removed)


def metadata(fakes: Fakes) -> object:
    facts = fakes.store.items["a1"].facts
    return None if facts is None else facts.metadata


def test_an_upload_is_decided_on_by_its_metadata() -> None:
    assert "editorial use" in given_with({"licence": "press", "sku": "1"}).cloudinary.tags("a1")
    fakes = given_with(None)
    assert "editorial use" not in fakes.cloudinary.tags("a1") and metadata(fakes) == {}


def test_a_change_of_metadata_is_decided_on_field_by_field() -> None:
    fakes = given_with({"sku": "1"})
    handle(fakes.deps, changed(licence=("web", "press"), rating="5"), fakes.remaining)
    assert "editorial use" in fakes.cloudinary.tags("a1") and fakes.cloudinary.reads == []
    handle(fakes.deps, changed(START + 2 * MINUTE, removed=("licence",), rating="4"), fakes.remaining)

    assert metadata(fakes) == {"sku": "1", "rating": "4"}
    assert "editorial use" not in fakes.cloudinary.tags("a1")
    audits = list(fakes.audits.records.values())
    assert [audit.trigger.kind for audit in audits] == ["webhook", "metadata", "metadata"]
    assert (audits[1].tags.added, audits[2].tags.removed) == (("editorial use",), ("editorial use",))
    check(fakes)


def test_where_the_rules_only_note_a_change_of_metadata_nothing_is_decided() -> None:
    fakes = given_with({}, RULES + '[defaults]\non_move = "note"\n')
    handle(fakes.deps, changed(licence="press"), fakes.remaining)
    assert metadata(fakes) == {"licence": "press"} and fakes.outcomes() == ["tagged"]


def test_an_asset_of_an_earlier_release_is_read_when_its_metadata_changes() -> None:
    """What did not change is not known, and the notification may not tell it."""
    fakes = given_with({"sku": "1", "licence": "press"})
    state = fakes.store.items["a1"]
    assert state.facts is not None
    fakes.store.items["a1"] = replace(state, facts=replace(state.facts, metadata=UNSET))
    handle(fakes.deps, changed(licence="press"), fakes.remaining)
    come_to_rest(fakes)
    assert metadata(fakes) == {"sku": "1", "licence": "press"} and fakes.cloudinary.reads == ["a1"]


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_two_changes_of_metadata_end_alike_in_any_order(order: tuple[int, ...]) -> None:
    fakes = given_with({})
    changes = [changed(licence="press", sku="1"), changed(START + 2 * MINUTE, licence="free")]
    fakes.cloudinary.assets["a1"]["metadata"] = {"licence": "free", "sku": "1"}
    for n in order:
        handle(fakes.deps, changes[n], fakes.remaining)
    come_to_rest(fakes)
    assert metadata(fakes) == {"licence": "free", "sku": "1"} and len(fakes.cloudinary.reads) == order[0]


def test_an_upload_told_after_a_later_change_does_not_bring_the_old_metadata_back() -> None:
    fakes = given_with({})
    handle(fakes.deps, changed(licence="press"), fakes.remaining)
    late = resource("a1", GUITARIST) | {"metadata": {"licence": "free"}}
    handle(fakes.deps, upload(late, START + 30_000, "d3"), fakes.remaining)
    assert metadata(fakes) == {"licence": "press"} and "editorial use" in fakes.cloudinary.tags("a1")


def test_a_change_told_before_the_upload_has_the_asset_read_when_that_is_told() -> None:
    fakes = Fakes(RULES)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST) | {"metadata": {"licence": "press"}}
    fakes.clock.advance(120)
    handle(fakes.deps, changed(licence="press"), fakes.remaining)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    assert "editorial use" in fakes.cloudinary.tags("a1") and fakes.cloudinary.reads == ["a1"]


def test_metadata_that_grows_past_its_bound_keeps_the_fields_that_fit() -> None:
    fakes = given_with({f"a{n:02d}": "x" * 250 for n in range(30)})
    more: dict[str, MetadataValue] = {f"b{n}": "y" * 250 for n in range(5)}
    handle(fakes.deps, replace(changed(), set={"licence": "press", **more}), fakes.remaining)
    known = metadata(fakes)
    assert isinstance(known, dict) and len(known) == 33 and known["licence"] == "press" and "b1" in known
