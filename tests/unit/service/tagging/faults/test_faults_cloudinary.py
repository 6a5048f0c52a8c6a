"""Cloudinary fails in every way that it can: nothing is lost, nothing is called in vain, and every asset ends."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import AutotagError, BudgetExhausted, CredentialsRefused, Permanent, Retryable
from autotag.domain.model.messages import RefetchAsset
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import check, come_to_rest, decisions

HOUR = 3600


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


def given_uploads(
    fakes: Fakes, *asset_ids: str, status: str = "complete", labels: dict[str, float] = GUITARIST
) -> None:
    for asset_id in asset_ids:
        fakes.cloudinary.assets[asset_id] = resource(asset_id, labels)
        handle(fakes.deps, upload(resource(asset_id, labels, status=status)), fakes.remaining)


def always(fakes: Fakes, error: AutotagError, times: int = 10_000) -> None:
    fakes.cloudinary.fails = [error] * times


@pytest.mark.parametrize("status", ["complete", "pending"])
@pytest.mark.parametrize(
    "error",
    [
        Retryable("Cloudinary answered 500: no JSON"),
        Retryable("Cloudinary answered 420: Rate Limit Exceeded", delay=1800),
        Retryable("Cloudinary: ConnectionError"),
        Retryable("Cloudinary answered 200 with a body: expected JSON"),
        CredentialsRefused("Cloudinary answered 401: unknown api_key"),
        CredentialsRefused("Cloudinary answered 403: not allowed"),
    ],
    ids=str,
)
def test_an_outage_of_twelve_hours_loses_nothing_and_is_not_called_all_the_time(
    fakes: Fakes, status: str, error: AutotagError
) -> None:
    always(fakes, error)
    given_uploads(fakes, "a1", "a2", "a3", status=status)
    for _ in range(12 * 60):
        fakes.clock.advance(60)
        a_minute(fakes)
    calls = 10_000 - len(fakes.cloudinary.fails)
    assert decisions(fakes) == [] and 1 <= calls < 3 * 12 * 20
    fakes.cloudinary.fails = []
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["tagged"] * 3
    assert all(fakes.cloudinary.tags(name) == {"People", "Guitar"} for name in ("a1", "a2", "a3"))


def test_refused_credentials_stop_the_poller_at_the_first_read(fakes: Fakes) -> None:
    given_uploads(fakes, "a1", "a2", "a3", status="pending")
    always(fakes, CredentialsRefused("Cloudinary answered 401"), times=1)
    fakes.clock.advance(120)
    a_minute(fakes)

    assert len(fakes.cloudinary.reads) == 1 and fakes.telemetry.counts["CredentialsRefused"] == 1
    a_minute(fakes)
    assert len(fakes.cloudinary.reads) == 1  # five minutes of silence, whoever asks
    come_to_rest(fakes)
    check(fakes)
    assert fakes.outcomes() == ["tagged"] * 3


def test_a_limit_with_a_reset_time_is_waited_for(fakes: Fakes) -> None:
    given_uploads(fakes, "a1", "a2", status="pending")
    always(fakes, BudgetExhausted("Cloudinary answered 420", delay=1800), times=1)
    fakes.clock.advance(120)
    a_minute(fakes)
    assert len(fakes.cloudinary.reads) == 1  # the other is not even tried
    due = fakes.store.items[fakes.cloudinary.reads[0]].poll
    assert due is not None and abs(due.due_at - fakes.clock.time - 1_800_000) < 1000
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["tagged"] * 2


def test_an_asset_that_is_refused_to_be_read_ends_at_its_deadline(fakes: Fakes) -> None:
    given_uploads(fakes, "a1", status="pending")
    always(fakes, Permanent("Cloudinary answered 400: no"))
    come_to_rest(fakes)

    (audit,) = decisions(fakes)
    assert audit.outcome == "failed" and audit.reason == "the asset cannot be read: Cloudinary answered 400: no"
    assert fakes.store.items["a1"].status == "failed"
    fakes.cloudinary.fails = []
    completed = upload(fakes.cloudinary.assets["a1"], fakes.clock.now(), "late")
    handle(fakes.deps, completed, fakes.remaining)
    assert fakes.outcomes() == ["failed", "tagged"]  # labels that come after all are decided on


def test_pending_for_ever_ends_as_timed_out_and_completes_if_labels_come_after_all(fakes: Fakes) -> None:
    given_uploads(fakes, "a1", status="pending")
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
    come_to_rest(fakes)

    assert fakes.outcomes() == ["timed_out"] and 10 < len(fakes.cloudinary.reads) < 40
    handle(fakes.deps, upload(resource("a1", GUITARIST), fakes.clock.now(), "late"), fakes.remaining)
    check(fakes)
    assert fakes.outcomes() == ["timed_out", "tagged"]


def test_more_tags_than_an_asset_takes_are_audited_as_failed(fakes: Fakes) -> None:
    crowded = resource("a1", GUITARIST, tags=tuple(f"theirs {n}" for n in range(999)))
    fakes.cloudinary.assets["a1"] = dict(crowded)
    handle(fakes.deps, upload(crowded), fakes.remaining)

    check(fakes)
    (audit,) = decisions(fakes)
    assert audit.outcome == "failed" and "more than 1000 tags" in str(audit.reason) and audit.tags.added == ()
    assert len(fakes.cloudinary.tags("a1")) == 999 and fakes.store.items["a1"].managed_tags == {}


def test_a_tag_too_long_is_told_and_the_others_are_written(fakes: Fakes) -> None:
    given_uploads(fakes, "a1", labels={"x" * 256: 0.99, "y" * 255: 0.98, "with, comma": 0.97, "Guitar": 0.9})

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"y" * 255, "Guitar"}
    outcomes = {told.label: told.outcome for told in decisions(fakes)[0].labels}
    assert outcomes["x" * 256] == outcomes["with, comma"] == "invalid"


def test_an_answer_that_never_names_the_asset_is_settled_by_a_read_each_time(fakes: Fakes) -> None:
    """The public_id is the same, so that nothing may have changed: the tags stand, and it ends."""
    fakes.cloudinary.silent = True
    given_uploads(fakes, "a1")

    check(fakes)
    assert fakes.outcomes() == ["tagged"] and len(fakes.cloudinary.reads) == 1


def test_an_asset_that_is_renamed_again_and_again_is_tagged_when_it_rests(fakes: Fakes) -> None:
    body = resource("a1", GUITARIST)
    fakes.cloudinary.assets["a1"] = dict(body)

    def rename() -> None:
        fakes.cloudinary.assets["a1"]["public_id"] = f"stage/{len(fakes.cloudinary.reads)}"
        fakes.cloudinary.silent = len(fakes.cloudinary.reads) < 7  # the name is another by the time of the call

    fakes.cloudinary.before_read, fakes.cloudinary.silent = rename, True
    handle(fakes.deps, upload(body), fakes.remaining)
    assert decisions(fakes) == [] and fakes.store.items["a1"].intent is not None
    come_to_rest(fakes)

    check(fakes)
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"} and fakes.outcomes() == ["tagged"]


def test_a_name_that_another_asset_had_is_looked_up_before_anything_is_written(fakes: Fakes) -> None:
    """a2 was renamed and a1 uploaded under its old name: a tag call by name must not strike the wrong one."""
    given_uploads(fakes, "a2", labels={"Cat": 0.9})
    fakes.cloudinary.assets["a2"]["public_id"] = "stage/renamed"
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, public_id="stage/a2")
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"]
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar"} and fakes.cloudinary.tags("a2") == {"Cat"}


def test_without_time_for_a_call_nothing_is_called_and_the_intent_is_left(fakes: Fakes) -> None:
    body = resource("a1", GUITARIST)
    fakes.cloudinary.assets["a1"] = dict(body)
    handle(fakes.deps, upload(body), lambda: 4.0)
    assert fakes.cloudinary.calls == [] and fakes.store.items["a1"].intent is not None
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == ["tagged"]


@pytest.mark.parametrize("kind", ["hint", "labels alone"])
def test_an_asset_that_was_deleted_before_anything_of_it_was_read_is_gone(fakes: Fakes, kind: str) -> None:
    """Of a hint nothing is known, of an info message no facts: both are looked up, and there is nothing."""
    found = upload(resource("a1", GUITARIST))
    message = RefetchAsset("a1", START, found.source) if kind == "hint" else replace(found, facts=None)
    handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].status == "gone" and fakes.cloudinary.calls == []
    assert fakes.outcomes() == ([] if kind == "hint" else ["gone"])
