"""The live flow, on fakes: from a message to tags, an audit and an event."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import CredentialsRefused, Permanent, Retryable
from autotag.domain.model.messages import MessageOrigin, RefetchAsset
from autotag.service.tagging.poll import poll
from autotag.service.tagging.sweep import sweep
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


def given_asset(fakes: Fakes, **kwargs: object) -> dict[str, object]:
    body = resource("a1", GUITARIST, **kwargs)  # type: ignore[arg-type]
    fakes.cloudinary.assets["a1"] = body
    return dict(body)


def test_complete_labels_become_tags_an_audit_and_an_event(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes)), fakes.remaining)

    assert fakes.cloudinary.calls == [("add", "stage/a1", ("People", "Guitar"))]
    (audit,) = fakes.audits.records.values()
    assert audit.outcome == "tagged" and audit.tags.added == ("People", "Guitar")
    assert {o.label: o.outcome for o in audit.labels} == {
        "People": "kept",
        "Guitar": "kept",
        "Musician": "below_threshold",
    }
    assert fakes.bus.sent == [audit]
    state = fakes.store.items["a1"]
    assert state.status == "tagged" and state.intent is None and set(state.managed_tags) == {"People", "Guitar"}


def test_the_same_notification_twice_gives_one_call_and_one_audit(fakes: Fakes) -> None:
    message = upload(given_asset(fakes))
    for _ in range(3):
        handle(fakes.deps, message, fakes.remaining)

    assert len(fakes.cloudinary.calls) == 1 and len(fakes.audits.records) == 1
    assert fakes.telemetry.counts["Duplicate"] == 2


def test_an_older_version_after_a_newer_is_ignored(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, version=200)), fakes.remaining)
    handle(fakes.deps, upload(resource("a1", {"Cat": 0.99}, version=100)), fakes.remaining)

    assert len(fakes.audits.records) == 1 and fakes.telemetry.counts["Stale"] == 1


def test_a_tag_that_was_there_before_is_theirs_and_never_ours(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, tags=("people", "press"))), fakes.remaining)

    assert fakes.cloudinary.calls == [("add", "stage/a1", ("Guitar",))]
    (audit,) = fakes.audits.records.values()
    assert audit.tags.before == ("people", "press")
    assert {o.label: o.outcome for o in audit.labels}["People"] == "present"
    assert set(fakes.store.items["a1"].managed_tags) == {"Guitar"}


def test_failed_categorization_is_audited_with_cloudinarys_text(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="failed")), fakes.remaining)

    (audit,) = fakes.audits.records.values()
    assert audit.outcome == "failed" and audit.reason == "aws_rek_tagging: it failed"
    assert fakes.cloudinary.calls == [] and fakes.store.items["a1"].status == "failed"


def test_an_asset_without_categorization_is_skipped_with_the_reason(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="none")), fakes.remaining)

    (audit,) = fakes.audits.records.values()
    assert audit.outcome == "skipped" and audit.reason == "the asset has no categorization by aws_rek_tagging"


def test_pending_waits_and_the_completion_ends_it_at_once(fakes: Fakes) -> None:
    body = given_asset(fakes, status="pending")
    handle(fakes.deps, upload(body), fakes.remaining)
    assert fakes.store.items["a1"].status == "pending" and fakes.audits.records == {}

    handle(fakes.deps, upload(given_asset(fakes), observed_at=START + 9000, digest="d2"), fakes.remaining)

    assert fakes.outcomes() == ["tagged"] and fakes.store.items["a1"].poll is None


def test_pending_is_polled_at_1_2_4_8_minutes_and_decided_when_complete(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="pending")), fakes.remaining)
    reads = []
    for minute in range(1, 17):
        fakes.clock.advance(60)
        before = len(fakes.cloudinary.reads)
        sweep(fakes.deps, fakes.remaining)
        if len(fakes.cloudinary.reads) > before:
            reads.append(minute)
    assert reads == [2, 4, 8, 16] or reads == [1, 3, 7, 15]

    given_asset(fakes)
    fakes.clock.advance(3600)
    sweep(fakes.deps, fakes.remaining)
    assert fakes.outcomes() == ["tagged"]
    (audit,) = fakes.audits.records.values()
    assert audit.trigger.kind == "poll"


def test_pending_past_the_deadline_is_timed_out_after_one_more_poll(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="pending")), fakes.remaining)
    fakes.clock.advance(86400 + 1)
    sweep(fakes.deps, fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"] and fakes.outcomes() == ["timed_out"]
    assert fakes.store.items["a1"].status == "timed_out" and fakes.store.items["a1"].poll is None


def test_an_asset_deleted_while_pending_is_gone(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="pending")), fakes.remaining)
    del fakes.cloudinary.assets["a1"]
    fakes.clock.advance(61)
    sweep(fakes.deps, fakes.remaining)

    assert fakes.outcomes() == ["gone"] and fakes.store.items["a1"].status == "gone"


def test_an_info_message_alone_reads_the_asset_for_its_facts(fakes: Fakes) -> None:
    body = given_asset(fakes, public_id="zoo/a1")
    message = upload(body)
    bare = type(message)(message.asset, message.categorizations, message.observed_at, message.source)
    handle(fakes.deps, bare, fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"] and fakes.outcomes() == ["tagged"]
    assert fakes.cloudinary.calls == [("add", "zoo/a1", ("People",))]  # the folder's 0.9 holds


def test_a_hint_is_read_from_the_admin_api_and_survives_its_failure(fakes: Fakes) -> None:
    given_asset(fakes)
    fakes.cloudinary.fails = [Retryable("down")]
    handle(fakes.deps, RefetchAsset("a1", START, MessageOrigin("upload", "d1")), fakes.remaining)
    assert fakes.outcomes() == []

    fakes.clock.advance(3600)
    sweep(fakes.deps, fakes.remaining)
    assert fakes.outcomes() == ["tagged"]


def test_a_failing_tag_call_leaves_the_intent_and_the_poller_finishes_it(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Retryable("503", delay=600)]
    handle(fakes.deps, upload(given_asset(fakes)), fakes.remaining)
    assert fakes.store.items["a1"].intent is not None and fakes.audits.records == {}

    fakes.clock.advance(60)
    sweep(fakes.deps, fakes.remaining)
    assert fakes.audits.records == {}  # not before the time that Cloudinary named
    fakes.clock.advance(600)
    sweep(fakes.deps, fakes.remaining)
    assert fakes.outcomes() == ["tagged"] and fakes.store.items["a1"].intent is None


def test_refused_credentials_stop_every_call_and_lose_nothing(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [CredentialsRefused("401")]
    handle(fakes.deps, upload(given_asset(fakes)), fakes.remaining)
    fakes.cloudinary.assets["a2"] = resource("a2", GUITARIST)
    handle(fakes.deps, upload(fakes.cloudinary.assets["a2"]), fakes.remaining)
    assert fakes.cloudinary.calls == [] and fakes.telemetry.counts["CredentialsRefused"] == 1

    fakes.clock.advance(3600)
    sweep(fakes.deps, fakes.remaining)
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
    sweep(fakes.deps, fakes.remaining)
    assert [a.outcome for a in fakes.bus.sent] == ["tagged"] and not fakes.store.items["a1"].outbox


def test_a_message_that_meets_a_live_intent_is_merged_and_its_finisher_decides_again(fakes: Fakes) -> None:
    body = given_asset(fakes)
    second = upload(resource("a1", {**GUITARIST, "Cat": 0.99}), observed_at=START + 5, digest="d2")

    def arrives() -> None:
        state = fakes.store.items.get("a1")
        if state is not None and state.intent is not None and state.dirty is None:
            fakes.store.before_put = lambda: None
            handle(fakes.deps, second, fakes.remaining)

    fakes.store.before_put = arrives
    handle(fakes.deps, upload(body), fakes.remaining)

    assert fakes.outcomes() == ["tagged", "tagged"]
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "Cat"}
    assert fakes.store.items["a1"].dirty is None


def test_dry_run_audits_and_writes_nothing() -> None:
    fakes = Fakes('[defaults]\nmode = "dry_run"\n')
    handle(fakes.deps, upload(given_asset(fakes)), fakes.remaining)

    (audit,) = fakes.audits.records.values()
    assert (audit.mode, audit.outcome, audit.tags.added) == ("dry_run", "unchanged", ("People", "Guitar"))
    assert fakes.cloudinary.calls == [] and fakes.store.items["a1"].managed_tags == {}


def test_an_exhausted_budget_stops_polling_and_keeps_assets_due(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="pending")), fakes.remaining)
    fakes.limits.left = 0
    fakes.clock.advance(61)
    sweep(fakes.deps, fakes.remaining)
    assert fakes.cloudinary.reads == []

    fakes.limits.left = 10
    given_asset(fakes)
    fakes.clock.advance(1801)
    sweep(fakes.deps, fakes.remaining)
    assert fakes.outcomes() == ["tagged"]


def test_overlapping_polls_of_one_asset_read_it_once(fakes: Fakes) -> None:
    handle(fakes.deps, upload(given_asset(fakes, status="pending")), fakes.remaining)
    fakes.clock.advance(61)

    def another_poller_is_quicker() -> None:
        fakes.store.before_put = lambda: None
        poll(fakes.deps, "a1", fakes.remaining)

    fakes.store.before_put = another_poller_is_quicker
    poll(fakes.deps, "a1", fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"]


def test_what_only_the_provider_gave_that_failed_for_a_new_version_stays() -> None:
    fakes = Fakes()
    fakes.rules.use('[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]\n', 0)
    body = resource("a1", {"Cat": 0.9, "Fur": 0.8})
    dog = [{"tag": "Dog", "confidence": 0.9}]
    body["info"]["categorization"]["google_tagging"] = {"status": "complete", "data": dog}
    fakes.cloudinary.assets["a1"] = body
    handle(fakes.deps, upload(dict(body)), fakes.remaining)
    assert fakes.cloudinary.tags("a1") == {"Cat", "Dog", "Fur"}
    fakes.clock.advance(3600)

    again = resource("a1", {"Cat": 0.9}, version=200, tags=("Cat", "Dog", "Fur"))
    again["info"]["categorization"]["google_tagging"] = {"status": "failed", "data": "quota exceeded"}
    fakes.cloudinary.assets["a1"] = again
    seen = replace(upload(dict(again), fakes.clock.now(), "d2"), source=MessageOrigin("poll", "d2", "r2"))
    handle(fakes.deps, seen, fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"Cat", "Dog"}
    last = list(fakes.audits.records.values())[-1]
    assert last.reason == "Dog stays for lack of labels (google_tagging: quota exceeded)"
