"""Every record that is written can be decided again, and comes to the same."""

from collections.abc import Callable
from secrets import token_urlsafe

import pytest

from autotag.domain.decisions.replay import has_decision, replay
from autotag.domain.errors import Permanent
from autotag.domain.model.messages import AssetDeleted, MessageOrigin
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload

BOTH = '[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]\n'
SKIPPING = '[[when]]\nname = "stage"\nfolder = "stage/**"\nskip = true\n'


def uploaded(fakes: Fakes, **changed: object) -> None:
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, **changed)  # type: ignore[arg-type]
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)


def unreadable(fakes: Fakes) -> None:
    uploaded(fakes, status="pending")
    fakes.cloudinary.fails = [Permanent("400")] * 500
    for _ in range(30):
        fakes.clock.advance(3600)
        a_minute(fakes)


def timed_out(fakes: Fakes) -> None:
    uploaded(fakes, status="pending")
    for _ in range(30):
        fakes.clock.advance(3600)
        a_minute(fakes)


def too_large(fakes: Fakes) -> None:
    fakes.store.measured = True
    body = resource("a1", {token_urlsafe(170): 0.1 for _ in range(1800)})
    fakes.cloudinary.assets["a1"] = body
    handle(fakes.deps, upload(dict(body)), fakes.remaining)


def gone(fakes: Fakes) -> None:
    uploaded(fakes)
    ref = fakes.store.items["a1"].asset
    handle(fakes.deps, AssetDeleted(ref, fakes.clock.now(), MessageOrigin("delete", "d")), fakes.remaining)


def vanished(fakes: Fakes) -> None:
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)


def refused(fakes: Fakes) -> None:
    fakes.cloudinary.most_tags = 1
    uploaded(fakes)


def by_a_person(fakes: Fakes) -> None:
    uploaded(fakes)
    fakes.clock.advance(60)
    handle(fakes.deps, person(removed=("Guitar",), at=START + 60_000), fakes.remaining)


def failed(fakes: Fakes) -> None:
    uploaded(fakes, status="failed")


def uncategorized(fakes: Fakes) -> None:
    uploaded(fakes, status="none")


def one_of_two_failed(fakes: Fakes) -> None:
    fakes.rules.use(BOTH, 0)
    body = resource("a1", GUITARIST)
    body["info"]["categorization"]["google_tagging"] = {"status": "failed", "data": "no"}
    fakes.cloudinary.assets["a1"] = body
    handle(fakes.deps, upload(dict(body)), fakes.remaining)


def left_alone(fakes: Fakes) -> None:
    fakes.rules.use(SKIPPING, 0)
    uploaded(fakes)


ENDS: dict[str, tuple[Callable[[Fakes], None], str]] = {
    "tagged": (uploaded, "tagged"),
    "unreadable": (unreadable, "failed"),
    "timed out": (timed_out, "timed_out"),
    "too large": (too_large, "failed"),
    "gone": (gone, "gone"),
    "vanished": (vanished, "gone"),
    "refused": (refused, "failed"),
    "by a person": (by_a_person, "tagged"),
    "failed": (failed, "failed"),
    "uncategorized": (uncategorized, "skipped"),
    "one of two failed": (one_of_two_failed, "tagged"),
    "left alone": (left_alone, "skipped"),
}


def ended(how: str) -> Fakes:
    """Return a world in which an asset came to that end."""
    fakes = Fakes()
    act, outcome = ENDS[how]
    act(fakes)
    assert fakes.outcomes()[-1] == outcome
    return fakes


@pytest.mark.parametrize("how", ENDS)
def test_every_end_that_an_asset_can_have_replays_as_identical(how: str) -> None:
    fakes = ended(how)
    for audit in fakes.audits.records.values():
        assert replay(audit, fakes.rules.now[0]) == ()


@pytest.mark.parametrize("how", ["tagged", "timed out", "refused", "failed", "uncategorized", "left alone", "vanished"])
def test_what_follows_from_the_asset_and_the_rules_is_decided_again(how: str) -> None:
    assert has_decision(list(ended(how).audits.records.values())[-1])


@pytest.mark.parametrize("how", ["unreadable", "too large", "gone", "by a person"])
def test_where_no_rules_decided_there_is_nothing_to_decide_again(how: str) -> None:
    assert not has_decision(list(ended(how).audits.records.values())[-1])
