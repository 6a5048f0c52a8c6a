"""The live flow, on fakes: from a message to tags, an audit and an event."""

from msgspec.structs import replace

from autotag.domain.model.messages import MessageOrigin
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.worker.cloudinary_asset import given_asset


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


def test_an_info_message_alone_reads_the_asset_for_its_facts(fakes: Fakes) -> None:
    body = given_asset(fakes, public_id="zoo/a1")
    message = upload(body)
    bare = type(message)(message.asset, message.categorizations, message.observed_at, message.source)
    handle(fakes.deps, bare, fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"] and fakes.outcomes() == ["tagged"]
    assert fakes.cloudinary.calls == [("add", "zoo/a1", ("People",))]  # the folder's 0.9 holds


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
