"""An asset that is renamed or deleted: its state follows, whatever else is on its way."""

import pytest

from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetDeleted, AssetRenamed, MessageOrigin
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.tagged_asset import given_tagged

MINUTE = 60_000


def renamed(name: str, *, at: int, folder: str = "stage") -> AssetRenamed:
    return AssetRenamed(AssetRef("a1", name, "image", "upload", 0), folder, at, MessageOrigin("rename", f"n{at}"))


def deleted(*, at: int, version: int = 100) -> AssetDeleted:
    return AssetDeleted(AssetRef("a1", "stage/a1", "image", "upload", version), at, MessageOrigin("delete", f"x{at}"))


def test_a_renamed_asset_is_found_under_its_new_name_and_nothing_is_decided_again() -> None:
    fakes = given_tagged(seconds=60)
    calls = list(fakes.cloudinary.calls)
    handle(fakes.deps, renamed("stage/a2", at=fakes.clock.now()), fakes.remaining)

    state = fakes.store.items["a1"]
    assert (state.asset.public_id, state.asset.version, state.status) == ("stage/a2", 100, "tagged")
    assert state.facts is not None and state.facts.folder == "stage"
    assert fakes.outcomes() == ["tagged"] and fakes.cloudinary.calls == calls


def test_an_asset_that_is_renamed_into_another_folder_is_decided_on_by_that() -> None:
    fakes = given_tagged(seconds=60)
    fakes.cloudinary.assets["a1"]["public_id"] = "zoo/a2"
    handle(fakes.deps, renamed("zoo/a2", at=fakes.clock.now(), folder="zoo"), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People"} and fakes.outcomes() == ["tagged", "tagged"]
    audit = list(fakes.audits.records.values())[-1]
    assert (audit.trigger.kind, audit.asset.public_id) == ("moved", "zoo/a2")


def test_of_two_renames_the_younger_counts_in_any_order() -> None:
    fakes = given_tagged(seconds=60)
    later = fakes.clock.now()
    for message in (renamed("c", at=later, folder="c"), renamed("b", at=later - 5, folder="b")):
        handle(fakes.deps, message, fakes.remaining)

    assert fakes.store.items["a1"].asset.public_id == "c"
    assert fakes.telemetry.counts["Stale"] == 1


def test_labels_that_come_late_do_not_bring_the_old_name_back() -> None:
    """Renamed while its labels were pending; the message of before the rename comes after it."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, public_id="zoo/a1")
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    handle(fakes.deps, renamed("zoo/a1", at=START + MINUTE, folder="zoo"), fakes.remaining)
    handle(fakes.deps, upload(resource("a1", GUITARIST), START + 30_000, "d2"), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.asset.public_id == "zoo/a1" and state.facts is not None and state.facts.folder == "zoo"
    (audit,) = fakes.audits.records.values()
    assert audit.asset.public_id == "zoo/a1" and audit.tags.added == ("People",)  # by the rules for zoo/**


def test_a_rename_that_is_told_before_the_upload_is_remembered_and_the_asset_is_read() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, public_id="zoo/a1")
    fakes.clock.advance(120)
    handle(fakes.deps, renamed("zoo/a1", at=START + MINUTE, folder="zoo"), fakes.remaining)
    assert fakes.store.items["a1"].status == "skipped" and fakes.outcomes() == []
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.reads == ["a1"]
    (audit,) = fakes.audits.records.values()
    assert audit.asset.public_id == "zoo/a1" and audit.tags.added == ("People",)


def test_a_rename_under_an_open_intent_keeps_the_name_and_ends_the_intent_once() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)

    def rename() -> None:
        fakes.cloudinary.assets["a1"]["public_id"] = "stage/a2"
        handle(fakes.deps, renamed("stage/a2", at=fakes.clock.now()), fakes.remaining)

    fakes.effects.meanwhile[1] = rename  # the claim is made, the tag call is not
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["tagged"] and fakes.store.items["a1"].asset.public_id == "stage/a2"
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}


def test_a_deleted_asset_is_closed_with_an_audit_and_without_a_call() -> None:
    fakes = given_tagged(seconds=60)
    del fakes.cloudinary.assets["a1"]
    calls = list(fakes.cloudinary.calls)
    handle(fakes.deps, deleted(at=fakes.clock.now()), fakes.remaining)

    state = fakes.store.items["a1"]
    assert (state.status, state.managed_tags) == ("gone", {})
    assert fakes.outcomes() == ["tagged", "gone"] and fakes.cloudinary.calls == calls and fakes.cloudinary.reads == []
    audit = list(fakes.audits.records.values())[-1]
    assert (audit.trigger.kind, audit.trigger.notification_type) == ("webhook", "delete")
    check(fakes)


def test_a_delete_that_comes_twice_is_one_audit() -> None:
    fakes = given_tagged(seconds=60)
    del fakes.cloudinary.assets["a1"]
    message = deleted(at=fakes.clock.now())
    for _ in range(3):
        handle(fakes.deps, message, fakes.remaining)

    assert fakes.outcomes() == ["tagged", "gone"]


def test_a_pending_asset_that_is_deleted_is_not_polled_any_more() -> None:
    fakes = Fakes()
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    handle(fakes.deps, deleted(at=START + MINUTE), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].status == "gone" and fakes.cloudinary.reads == []


def test_what_is_told_late_does_not_bring_a_deleted_asset_back() -> None:
    fakes = given_tagged(seconds=60)
    del fakes.cloudinary.assets["a1"]
    handle(fakes.deps, deleted(at=fakes.clock.now()), fakes.remaining)
    handle(fakes.deps, upload(resource("a1", {"Cat": 0.99}), START + 9, "d2"), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.outcomes() == ["tagged", "gone"] and fakes.store.items["a1"].status == "gone"


def test_a_delete_before_the_upload_that_it_follows_leaves_nothing_to_do() -> None:
    fakes = Fakes()
    handle(fakes.deps, deleted(at=START + MINUTE), fakes.remaining)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    come_to_rest(fakes)

    assert fakes.outcomes() == [] and fakes.store.items["a1"].status == "gone"


def test_an_asset_that_came_back_from_a_backup_is_decided_on() -> None:
    fakes = given_tagged(seconds=60)
    handle(fakes.deps, deleted(at=fakes.clock.now()), fakes.remaining)
    fakes.clock.advance(3600)
    fakes.cloudinary.assets["a1"] = resource("a1", {"Cat": 0.99})
    handle(fakes.deps, upload(resource("a1", {"Cat": 0.99}), fakes.clock.now(), "d2"), fakes.remaining)

    check(fakes)
    assert fakes.outcomes() == ["tagged", "gone", "tagged"] and fakes.cloudinary.tags("a1") == {"Cat"}


def test_a_delete_that_is_told_after_the_asset_came_back_is_settled_by_a_read() -> None:
    fakes = given_tagged(seconds=60)
    at = fakes.clock.now()
    fakes.clock.advance(3600)
    handle(fakes.deps, upload(resource("a1", GUITARIST, version=200), fakes.clock.now(), "d2"), fakes.remaining)
    fakes.cloudinary.assets["a1"]["version"] = 200
    handle(fakes.deps, deleted(at=at), fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.reads == ["a1"] and fakes.store.items["a1"].status != "gone"


@pytest.mark.parametrize("number", [1, 2, 3], ids=["before the call", "before the audit", "before the final write"])
def test_a_delete_under_an_open_intent_closes_the_asset_when_its_owner_is_done(number: int) -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)

    def delete() -> None:
        fakes.cloudinary.assets.pop("a1")
        handle(fakes.deps, deleted(at=fakes.clock.now()), fakes.remaining)

    fakes.effects.meanwhile[number] = delete
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes()[-1] == "gone" and fakes.store.items["a1"].status == "gone"
    assert fakes.outcomes() == (["gone"] if number == 1 else ["tagged", "gone"])


def test_a_delete_finishes_an_intent_that_was_left_behind_first() -> None:
    fakes = Fakes()
    fakes.cloudinary.fails = [Retryable("503")]
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    fakes.clock.advance(600)
    handle(fakes.deps, deleted(at=fakes.clock.now()), fakes.remaining)

    check(fakes)
    assert fakes.outcomes() == ["gone"] and fakes.store.items["a1"].status == "gone"


def test_what_was_known_from_a_hint_only_ends_without_an_audit() -> None:
    fakes = Fakes()
    handle(fakes.deps, deleted(at=START), fakes.remaining)
    a_minute(fakes)

    assert fakes.outcomes() == [] and fakes.store.items["a1"].status == "gone" and fakes.cloudinary.reads == []


def test_a_deletion_told_after_the_asset_came_back_is_remembered_and_costs_one_read() -> None:
    fakes = given_tagged(seconds=60)
    at = fakes.clock.now()
    fakes.clock.advance(600)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), "d2"), fakes.remaining)
    reads = len(fakes.cloudinary.reads)
    for _ in range(3):
        handle(fakes.deps, deleted(at=at), fakes.remaining)
        come_to_rest(fakes)

    assert fakes.store.items["a1"].deleted_at == at and len(fakes.cloudinary.reads) == reads + 1
    assert fakes.store.items["a1"].status in ("tagged", "unchanged")
