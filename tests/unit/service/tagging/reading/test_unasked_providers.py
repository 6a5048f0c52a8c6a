"""The labels of a provider that no rule asks for cost no read: from its notification, a hint of it or a large one."""

import json
from collections.abc import Callable

import pytest

from autotag.domain.model.messages import Message, decode, encode
from autotag.domain.notifications.parse import parse, parse_large
from autotag.domain.state.due_entry import due_work
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.rules import RULES
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.tagging.reading.hinted_asset import hint

Made = Callable[..., list[Message]]

ASKED, UNASKED = "aws_rek_tagging", "google_video_tagging"


def info(provider: str = UNASKED, *, version: int = 100, **fields: object) -> bytes:
    """Return the notification of a provider's late result."""
    body = {
        "info_kind": provider,
        "info_status": "complete",
        "asset_id": "a1",
        "public_id": "stage/a1",
        "version": version,
        "notification_type": "info",
        "info_data": [{"tag": "Guitar", "categories": [], "confidence": 0.91}],
        **fields,
    }
    return json.dumps(body).encode()


def trusted(provider: str = UNASKED, *, at: int = START, version: int = 100) -> list[Message]:
    return parse(info(provider, version=version), timestamp=at // 1000)


def hinted(provider: str = UNASKED) -> list[Message]:
    return parse(info(provider), timestamp=START // 1000, fetch_before_use=True)


def forgeable(provider: str = UNASKED) -> list[Message]:
    return parse(info(provider, url="https://example.com/?a=b"), timestamp=START // 1000)


def large(provider: str = UNASKED) -> list[Message]:
    return parse_large(info(provider), timestamp=START // 1000)


KINDS = [trusted, hinted, forgeable, large]


def deliver(fakes: Fakes, messages: list[Message]) -> None:
    """Let the worker handle messages, as they come from the queue, and the poller run afterwards."""
    for message in messages:
        handle(fakes.deps, decode(encode(message)), fakes.remaining)
    for _ in range(20):
        fakes.clock.advance(600)
        a_minute(fakes)


def given_asset(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)


@pytest.mark.parametrize("made", KINDS)
def test_a_provider_that_no_rule_asks_for_costs_no_read(made: Made) -> None:
    fakes = Fakes()
    given_asset(fakes)
    deliver(fakes, made())

    assert (fakes.cloudinary.reads, fakes.limits.left) == ([], 10_000)
    assert fakes.store.items == {} and fakes.audits.records == {}
    assert fakes.telemetry.counts == {"Ignored": 1}


@pytest.mark.parametrize("made", KINDS)
def test_a_provider_that_the_rules_ask_for_is_read_once(made: Made) -> None:
    fakes = Fakes()
    given_asset(fakes)
    deliver(fakes, made(ASKED))

    assert fakes.cloudinary.reads == ["a1"] and fakes.outcomes() == ["tagged"]


@pytest.mark.parametrize("made", KINDS)
def test_what_the_active_rules_ask_for_decides_not_a_list_in_the_code(made: Made) -> None:
    fakes = Fakes(RULES.replace("[defaults]", f'[defaults]\nproviders = ["{UNASKED}"]'))
    given_asset(fakes)
    deliver(fakes, made(UNASKED))
    deliver(fakes, made(ASKED))

    assert fakes.cloudinary.reads == ["a1"]


@pytest.mark.parametrize("made", KINDS)
def test_an_asset_that_waits_for_its_own_labels_is_not_read_earlier_and_waits_on(made: Made) -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    waits = fakes.store.items["a1"].poll
    for message in made():
        handle(fakes.deps, message, fakes.remaining)

    assert fakes.cloudinary.reads == [] and fakes.store.items["a1"].poll == waits


def test_labels_that_no_rule_asks_for_are_stored_with_a_known_asset_for_later_rules() -> None:
    fakes = Fakes()
    given_asset(fakes)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    deliver(fakes, trusted(at=START + 9000))

    assert fakes.store.items["a1"].categorizations.keys() == {ASKED, UNASKED}
    assert fakes.cloudinary.reads == [] and fakes.outcomes() == ["tagged"]


def test_an_overwrite_that_only_another_provider_reports_waits_for_its_own_notification() -> None:
    fakes = Fakes()
    given_asset(fakes)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    deliver(fakes, trusted(at=START + 9000, version=200))
    assert fakes.cloudinary.reads == [] and fakes.store.items["a1"].asset.version == 100

    fakes.cloudinary.assets["a1"] = resource("a1", {"Koala": 0.99}, version=200)
    deliver(fakes, [upload(resource("a1", {"Koala": 0.99}, version=200), START + 9500, "d2")])
    assert fakes.cloudinary.reads == [] and fakes.cloudinary.tags("a1") == {"Koala"}


def test_a_read_that_another_hint_made_due_stays_due() -> None:
    fakes = Fakes()
    given_asset(fakes)
    fakes.limits.hints = 0
    handle(fakes.deps, hint(), fakes.remaining)
    for message in trusted():
        handle(fakes.deps, message, fakes.remaining)
    assert fakes.cloudinary.reads == [] and due_work(fakes.store.items["a1"]) is not None

    fakes.limits.hints = 1
    deliver(fakes, [])
    assert fakes.cloudinary.reads == ["a1"] and fakes.outcomes() == ["tagged"]


def test_an_asset_that_is_gone_is_not_looked_for_again() -> None:
    fakes = Fakes()
    given_asset(fakes)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    fakes.cloudinary.assets.clear()
    handle(fakes.deps, person(removed=("Guitar",), at=START + 1000), fakes.remaining)
    handle(fakes.deps, hint(at=START + 2000), fakes.remaining)
    assert fakes.store.items["a1"].status == "gone"
    before = len(fakes.cloudinary.reads)
    deliver(fakes, trusted(at=START))

    assert len(fakes.cloudinary.reads) == before
