"""What is asked about, and what never is."""

from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import UnreadableObject
from autotag.domain.model.audit import trigger_of
from autotag.domain.model.messages import READ, MessageOrigin, RefetchAsset
from autotag.domain.notifications.parse import parse_resource
from autotag.ports.detection import Originals
from autotag.service.tagging.observe import record_observation
from autotag.service.worker import handle
from tests.fakes.samples import resource, upload
from tests.unit.service.detection.detecting import RULES, Detecting

SKIPPING = f'{RULES}[[when]]\nfolder = "stage/**"\nskip = true\n'


def test_rules_that_do_not_name_rekognition_ask_nothing() -> None:
    world = Detecting("[defaults]\nthreshold = 0.7\n")
    world.uploaded()
    assert (world.rekognition.messages, world.state().detect) == ([], None)


def test_a_block_that_skips_is_looked_at_before_anything_is_paid() -> None:
    world = Detecting(SKIPPING)
    world.uploaded()
    assert (world.rekognition.messages, world.outcomes()) == ([], ["skipped"])


def test_a_block_that_skips_since_ends_the_wait_without_a_call() -> None:
    world = Detecting()
    world.uploaded()
    world.rules.use(SKIPPING, 2)
    world.asked()
    assert (world.rekognition.calls, world.outcomes(), world.state().detect) == ([], ["skipped"], None)


@pytest.mark.parametrize("kind", [{"resource_type": "video"}, {"resource_type": "raw"}, {"type": "fetch"}])
def test_what_is_no_stored_image_is_skipped_with_the_reason(kind: dict[str, str]) -> None:
    world = Detecting()
    handle(world.deps, upload(resource(status="none") | kind), world.remaining)
    (audit,) = world.audits.records.values()
    assert (audit.outcome, audit.reason) == ("skipped", "rekognition looks at images alone")
    assert world.rekognition.messages == []


def test_a_version_that_was_known_before_is_not_asked_about_by_a_second_notification() -> None:
    world = Detecting("[defaults]\nthreshold = 0.7\n")
    world.uploaded()
    world.rules.use(RULES, 2)
    world.uploaded()
    assert world.rekognition.messages == []


def test_a_backfill_asks_only_if_it_is_told_to() -> None:
    world = Detecting()
    world.cloudinary.assets["a1"] = resource(status="none")
    found = parse_resource(resource(status="none"), world.clock.now(), READ)
    trigger = trigger_of("backfill", MessageOrigin("", "", "run"))
    record_observation(world.deps, found, trigger, world.remaining)
    assert world.state().detect is None
    later = replace(found, observed_at=world.clock.now())
    record_observation(world.deps, later, trigger, world.remaining, ask_again=True)
    assert world.asked() is None
    assert [audit.trigger.kind for audit in world.audits.records.values()] == ["backfill", "backfill"]
    assert (world.outcomes(), len(world.rekognition.calls)) == (["skipped", "tagged"], 1)


def test_a_version_that_only_a_hint_named_is_asked_about_once_it_was_read() -> None:
    world = Detecting()
    world.cloudinary.assets["a1"] = resource(status="none")
    handle(world.deps, RefetchAsset("a1", world.clock.now(), MessageOrigin("upload", "d")), world.remaining)
    world.asked()
    assert world.outcomes() == ["tagged"]


def test_where_it_is_turned_off_an_asset_waits_no_longer_than_until_it_is_seen_again() -> None:
    world = Detecting()
    world.uploaded()
    world.deps = replace(world.deps, detection=None)
    world.uploaded(tags=("hand",))
    assert (world.state().detect, world.outcomes()) == (None, ["skipped"])


def test_beside_an_add_on_the_decision_waits_for_both_and_reads_only_for_the_add_on() -> None:
    world = Detecting('[defaults]\nproviders = ["aws_rek_tagging", "rekognition"]\n')
    world.uploaded(status="complete", labels={"Stage": 0.9})
    assert (world.outcomes(), world.state().poll) == ([], None)
    world.asked()
    assert (world.outcomes(), world.cloudinary.tags("a1")) == (["tagged"], {"Guitar", "Stage"})


def test_at_the_cap_an_asset_waits_until_midnight_and_is_asked_about_then() -> None:
    world = Detecting(cap=1)
    for asset_id in ("a1", "a2"):
        world.uploaded(asset_id)
        assert world.asked(asset_id) is None
    assert (world.outcomes(), world.state("a2").status) == (["tagged"], "pending")
    assert world.telemetry.counts["DetectBudgetReached"] == 1
    world.clock.advance(3600)
    assert world.swept() == 0
    world.clock.advance(24 * 3600)
    assert (world.swept(), world.outcomes()) == (1, ["tagged", "tagged"])


def test_another_label_model_is_counted() -> None:
    world = Detecting()
    for number, model in enumerate(("3.0", "3.0", "3.1")):
        world.rekognition.model = model
        world.uploaded(f"a{number}")
        world.asked(f"a{number}")
    assert world.telemetry.counts["LabelModelChanged"] == 1


def originals(**changed: Any) -> Detecting:
    world = Detecting(originals=Originals("bucket", "in/{public_id}.{format}"))
    world.uploaded(**changed)
    return world


def test_an_original_in_a_bucket_is_asked_about_without_a_picture_of_cloudinary() -> None:
    world = originals()
    world.asked()
    assert (world.rekognition.objects, world.rekognition.fetched) == (["bucket/in/stage/a1.jpg"], [])
    assert world.state().categorizations["rekognition"].source == "s3"


def test_an_object_that_cannot_be_read_falls_back_to_the_delivered_picture_once() -> None:
    world = originals()
    world.rekognition.unreadable = UnreadableObject("Rekognition: InvalidS3ObjectException")
    world.asked()
    assert (len(world.rekognition.objects), world.rekognition.calls) == (1, ["a1 v100"])
    assert world.state().categorizations["rekognition"].source == "url"


def test_an_original_of_another_format_is_asked_about_as_a_delivered_picture() -> None:
    world = Detecting(originals=Originals("bucket", "{public_id}.{format}"))
    handle(world.deps, upload(resource(status="none") | {"format": "webp"}), world.remaining)
    world.asked()
    assert (world.rekognition.objects, len(world.rekognition.fetched)) == ([], 1)
