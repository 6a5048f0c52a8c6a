"""The live flow through calls that fail: delayed, refused, answered without the asset, or found deleted."""

from autotag.domain.errors import CredentialsRefused, Permanent, Retryable
from autotag.domain.model.messages import MessageOrigin, RefetchAsset
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.worker.cloudinary_asset import given_asset


def test_a_hint_is_read_from_the_admin_api_and_survives_its_failure(fakes: Fakes) -> None:
    given_asset(fakes)
    fakes.cloudinary.fails = [Retryable("down")]
    handle(fakes.deps, RefetchAsset("a1", START, MessageOrigin("upload", "d1")), fakes.remaining)
    assert fakes.outcomes() == []

    fakes.clock.advance(3600)
    a_minute(fakes)
    assert fakes.outcomes() == ["tagged"]


def test_a_failing_tag_call_leaves_the_intent_and_the_poller_finishes_it(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Retryable("503", delay=600)]
    handle(fakes.deps, upload(given_asset(fakes)), fakes.remaining)
    assert fakes.store.items["a1"].intent is not None and fakes.audits.records == {}

    fakes.clock.advance(60)
    a_minute(fakes)
    assert fakes.audits.records == {}  # not before the time that Cloudinary named
    fakes.clock.advance(600)
    a_minute(fakes)
    assert fakes.outcomes() == ["tagged"] and fakes.store.items["a1"].intent is None


def test_refused_credentials_stop_every_call_and_lose_nothing(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [CredentialsRefused("401")]
    handle(fakes.deps, upload(given_asset(fakes)), fakes.remaining)
    fakes.cloudinary.assets["a2"] = resource("a2", GUITARIST)
    handle(fakes.deps, upload(fakes.cloudinary.assets["a2"]), fakes.remaining)
    assert fakes.cloudinary.calls == [] and fakes.telemetry.counts["CredentialsRefused"] == 1

    fakes.clock.advance(3600)
    a_minute(fakes)
    assert fakes.outcomes() == ["tagged", "tagged"]


def test_a_permanent_refusal_is_audited_as_failed(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Permanent("400: too many tags")]
    handle(fakes.deps, upload(given_asset(fakes)), fakes.remaining)

    (audit,) = fakes.audits.records.values()
    assert audit.outcome == "failed" and audit.reason == "400: too many tags" and audit.tags.added == ()
    assert fakes.store.items["a1"].status == "failed" and fakes.store.items["a1"].managed_tags == {}


def test_an_answer_that_lacks_our_id_is_settled_by_reading_the_asset(fakes: Fakes) -> None:
    body = given_asset(fakes)
    fakes.cloudinary.assets["a1"]["public_id"] = "stage/renamed"
    handle(fakes.deps, upload(body), fakes.remaining)

    assert [call[1] for call in fakes.cloudinary.calls] == ["stage/a1", "stage/renamed"]
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"}
    assert fakes.store.items["a1"].asset.public_id == "stage/renamed"


def test_an_asset_deleted_before_the_tag_call_is_gone(fakes: Fakes) -> None:
    body = given_asset(fakes)
    del fakes.cloudinary.assets["a1"]
    handle(fakes.deps, upload(body), fakes.remaining)

    assert fakes.outcomes() == ["gone"] and fakes.store.items["a1"].managed_tags == {}


def test_an_event_that_could_not_be_sent_is_sent_later(fakes: Fakes) -> None:
    fakes.bus.fails = Retryable("down")
    handle(fakes.deps, upload(given_asset(fakes)), fakes.remaining)
    assert fakes.store.items["a1"].status == "tagged" and fakes.store.items["a1"].outbox

    fakes.bus.fails = None
    fakes.clock.advance(60)
    a_minute(fakes)
    assert [a.outcome for a in fakes.bus.sent] == ["tagged"] and not fakes.store.items["a1"].outbox
