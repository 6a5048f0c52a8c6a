"""A version is paid for once; after a death perhaps twice; never a third time. One test for each thing that happens."""

import pytest

from autotag.domain.detection.claims import TWICE
from autotag.domain.errors import AccessRefused, NotDelivered, Permanent, Retryable, Unanswered, Undeliverable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.labels import Label
from autotag.domain.model.messages import AssetDeleted, MessageOrigin
from autotag.service.worker import handle
from tests.unit.service.detection.detecting import Detecting

CLAIM, RESERVE, CALL, STORE = range(4)
"""The effects of a worker, in their order."""


def test_the_labels_are_asked_for_once_and_become_tags() -> None:
    world = Detecting()
    world.uploaded()
    assert (world.state().status, len(world.rekognition.messages)) == ("pending", 1)
    assert world.asked() is None
    assert (world.cloudinary.tags("a1"), world.outcomes()) == ({"Guitar"}, ["tagged"])
    found = world.state().categorizations["rekognition"]
    assert (found.labels, found.model, found.source) == ((Label("Guitar", 0.9821),), "3.0", "url")
    assert found.about["guitar"].parents == ("Musical Instrument",)
    assert world.state().detect is None and len(world.rekognition.calls) == 1


def test_a_message_that_comes_twice_pays_once() -> None:
    world = Detecting()
    world.uploaded(times=3)
    for _ in range(3):
        world.asked()
    assert (len(world.rekognition.calls), sum(world.rekognition.used.values())) == (1, 1)
    assert world.outcomes() == ["tagged"]


def test_two_workers_at_one_message_pay_once() -> None:
    world = Detecting()
    world.uploaded()

    def other_worker() -> None:
        assert world.asked() is None

    world.rekognition.while_asked = other_worker
    world.asked()
    assert (len(world.rekognition.calls), sum(world.rekognition.used.values())) == (1, 1)


@pytest.mark.parametrize("effect", [CLAIM, RESERVE, CALL])
def test_a_kill_before_the_call_has_paid_nothing_and_the_sweeper_takes_the_claim(effect: int) -> None:
    world = Detecting()
    world.uploaded()
    world.killed(effect)
    assert (world.rekognition.calls, world.swept()) == ([], 0)
    world.clock.advance(91)
    assert (world.swept(), len(world.rekognition.calls), world.outcomes()) == (1, 1, ["tagged"])


def test_a_kill_between_answer_and_store_pays_once_more() -> None:
    world = Detecting()
    world.uploaded()
    world.killed(STORE)
    world.clock.advance(91)
    assert (world.swept(), len(world.rekognition.calls), world.outcomes()) == (1, 2, ["tagged"])


def test_two_kills_between_answer_and_store_never_pay_a_third_time() -> None:
    world = Detecting()
    world.uploaded()
    for _ in range(2):
        world.killed(STORE)
        world.clock.advance(91)
    assert (world.swept(), len(world.rekognition.calls), world.outcomes()) == (1, 2, ["failed"])
    (audit,) = world.audits.records.values()
    assert audit.reason == f"rekognition: {TWICE}"
    world.uploaded(times=2)
    world.clock.advance(91)
    assert (world.swept(), world.asked(), len(world.rekognition.calls)) == (0, None, 2)


def test_a_read_timeout_may_have_been_paid_and_is_repeated_once() -> None:
    world = Detecting()
    world.uploaded()
    world.rekognition.fails = [Unanswered("ReadTimeoutError"), Unanswered("ReadTimeoutError")]
    for _ in range(2):
        delay = world.asked()
        assert delay is not None
        world.clock.advance(delay)
    assert (world.asked(), world.outcomes(), sum(world.rekognition.used.values())) == (None, ["failed"], 2)


def test_throttling_goes_back_to_the_queue_and_counts_as_no_attempt() -> None:
    world = Detecting()
    world.uploaded()
    world.rekognition.fails = [Retryable("Rekognition: ThrottlingException") for _ in range(9)]
    delays = []
    for _ in range(5):
        delay = world.asked()
        assert delay is not None
        delays.append(delay)
        world.clock.advance(round(delay / 2))  # the soonest that a message comes back, since its delay is spread
    assert delays == [1, 2, 4, 8, 16]
    assert world.asked() is None  # from here on the due index has it, since receives are counted
    assert world.asked() is None  # a copy of the message meets the wait
    for _ in range(5):
        world.clock.advance(300)
        world.swept()
    assert (world.outcomes(), len(world.rekognition.calls)) == (["tagged"], 1)
    assert sum(world.rekognition.used.values()) == 1


@pytest.mark.parametrize("code", ["InvalidImageFormatException", "ImageTooLargeException", "InvalidParameterException"])
def test_a_picture_that_is_refused_for_good_is_audited_as_failed_and_never_asked_again(code: str) -> None:
    world = Detecting()
    world.uploaded()
    world.rekognition.fails = [Permanent(f"{code}: no")]
    assert world.asked() is None
    (audit,) = world.audits.records.values()
    assert (audit.outcome, audit.reason) == ("failed", f"rekognition: {code}: no")
    world.uploaded(times=2)
    assert (world.asked(), world.rekognition.calls, world.outcomes()) == (None, [], ["failed"])


@pytest.mark.parametrize("times", [1, 2])
def test_two_workers_that_die_before_the_call_leave_a_sentence_that_claims_no_call(times: int) -> None:
    world = Detecting()
    world.uploaded()
    for _ in range(2):
        world.killed(CALL)
        world.clock.advance(91)
    for _ in range(times):
        world.swept()
    (audit,) = world.audits.records.values()
    assert audit.reason == "rekognition: two calls may have been made, and no answer could be stored"
    assert world.rekognition.calls == []


@pytest.mark.parametrize("why", ["Cloudinary's delivery answered 401", "the delivered picture has more than 5 bytes"])
def test_a_picture_that_cloudinary_refuses_takes_nothing_out_of_the_budget(why: str) -> None:
    world = Detecting(cap=1)
    for asset_id in ("a1", "a2", "a3"):
        world.uploaded(asset_id)
    world.rekognition.undelivered = [Undeliverable(why), Undeliverable(why)]
    for asset_id in ("a1", "a2", "a3"):
        world.asked(asset_id)
    assert world.outcomes() == ["failed", "failed", "tagged"]
    assert (world.rekognition.calls, sum(world.rekognition.used.values())) == (["a3 v100"], 1)
    assert "DetectBudgetReached" not in world.telemetry.counts


def test_a_refused_role_is_counted_for_the_alarm_and_tried_again_later() -> None:
    world = Detecting()
    world.uploaded()
    world.rekognition.fails = [AccessRefused("Rekognition: AccessDeniedException")]
    assert (world.asked(), world.telemetry.counts["RekognitionRefused"]) == (None, 1)
    world.clock.advance(300)
    assert (world.swept(), world.outcomes()) == (1, ["tagged"])


def test_a_new_version_meanwhile_drops_the_old_labels_and_claims_for_itself() -> None:
    world = Detecting()
    world.uploaded(version=100)

    def overwrite() -> None:
        if len(world.rekognition.calls) == 1:
            world.uploaded(version=200)

    world.rekognition.while_asked = overwrite
    world.asked()
    assert (world.state().categorizations["rekognition"].labels, world.outcomes()) == ((), [])
    world.asked()
    assert (world.rekognition.calls, world.outcomes()) == (["a1 v100", "a1 v200"], ["tagged"])


def test_a_delete_meanwhile_is_found_gone() -> None:
    world = Detecting()
    world.uploaded()
    ref = AssetRef("a1", "stage/a1", "image", "upload", 0)
    deleted = AssetDeleted(ref, world.clock.now() + 1, MessageOrigin("delete", "x"))
    world.rekognition.while_asked = lambda: handle(world.deps, deleted, world.remaining)
    world.asked()
    assert (world.state().status, world.outcomes(), world.cloudinary.calls) == ("gone", ["gone"], [])
    world.clock.advance(91)
    assert world.swept() == 0


def test_a_picture_that_is_not_delivered_yet_is_waited_for_up_to_the_deadline() -> None:
    world = Detecting()
    world.uploaded()
    world.rekognition.undelivered = [NotDelivered("Cloudinary's delivery answered 404") for _ in range(500)]
    for _ in range(5):
        world.clock.advance(world.asked() or 0)
    for _ in range(400):
        world.clock.advance(301)
        world.swept()
    assert world.outcomes() == ["failed"] and world.rekognition.calls == []
    (audit,) = world.audits.records.values()
    assert audit.reason == "rekognition: the picture was not delivered in time: Cloudinary's delivery answered 404"
