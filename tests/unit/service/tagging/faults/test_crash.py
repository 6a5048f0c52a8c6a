"""A process may die before or after any effect: redelivery and the poller bring every run to the same end."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.audit import audit_id
from autotag.domain.model.messages import AssetDeleted, AssetRenamed, Message, MessageOrigin, ReviewAnswered
from autotag.service.tagging.sweep import sweep
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest

Step = Message | Callable[[], object]
"""A message that a worker handles, or something that happens in the world."""

Scenario = Callable[[Fakes], Sequence[Step]]


def fresh_upload(fakes: Fakes) -> Sequence[Step]:
    """One upload, complete."""
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press",))
    return [upload(dict(fakes.cloudinary.assets["a1"]))]


def overwritten(fakes: Fakes, labels: dict[str, float]) -> Message:
    """A new version; Cloudinary keeps the tags of the old one."""
    return upload(resource("a1", labels, version=200, tags=("press",)), START + 9, "d2")


def new_version(fakes: Fakes) -> Sequence[Step]:
    """An overwrite with other labels after a first upload: tags of ours go, others come."""
    return [*fresh_upload(fakes), overwritten(fakes, {"People": 0.99, "Cat": 0.9})]


def pending_then_info(fakes: Fakes) -> Sequence[Step]:
    """Pending, then complete."""
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press",))
    pending = resource("a1", status="pending", tags=("press",))
    return [upload(pending), upload(dict(fakes.cloudinary.assets["a1"]), START + 9, "d2")]


def pending_then_poll(fakes: Fakes) -> Sequence[Step]:
    """Pending, and only a poll finds the labels."""
    return pending_then_info(fakes)[:1]


def removal_by_a_person(fakes: Fakes) -> Sequence[Step]:
    """An upload, then a person who takes one of our tags away."""
    return [*fresh_upload(fakes), person(removed=("Guitar",), at=START + 30)]


def removal_that_was_overridden(fakes: Fakes) -> Sequence[Step]:
    """A person had taken a tag away just before we wrote it, and that is told late."""
    return [*fresh_upload(fakes), person(removed=("Guitar",), at=START - 30_000)]


def dry_run(fakes: Fakes) -> Sequence[Step]:
    """Rules that write nothing."""
    fakes.rules.use('[defaults]\nmode = "dry_run"\nthreshold = 0.7\n', 0)
    return fresh_upload(fakes)


def review(fakes: Fakes) -> Sequence[Step]:
    """Rules that ask a person about a label."""
    fakes.rules.use("[defaults]\nthreshold = 0.7\nreview = 0.5\n", 0)
    return fresh_upload(fakes)


def two_providers(fakes: Fakes) -> Sequence[Step]:
    """One provider's labels come with the upload, the other's later."""
    fakes.rules.use('[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]\n', 0)
    body = resource("a1", GUITARIST, tags=("press",))
    body["info"]["categorization"]["google_tagging"] = {"status": "pending"}
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press",))
    google = {"status": "complete", "data": [{"tag": "Stage", "confidence": 0.9}]}
    fakes.cloudinary.assets["a1"]["info"]["categorization"]["google_tagging"] = google
    return [upload(body), upload(dict(fakes.cloudinary.assets["a1"]), START + 9, "d2")]


def adopt(fakes: Fakes) -> Sequence[Step]:
    """Rules that take over what Cloudinary's auto_tagging assigned, and drop some of it."""
    fakes.rules.use('[defaults]\nauto_tagged = "adopt"\nthreshold = 0.7\n', 0)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, tags=("press", "people", "musician"))
    return [upload(dict(fakes.cloudinary.assets["a1"]))]


def bus_down(fakes: Fakes) -> Sequence[Step]:
    """The event bus is down while two versions are decided on, and then comes back."""
    fakes.bus.fails = Retryable("EventBridge: InternalException")

    def back() -> None:
        fakes.bus.fails = None

    return [*new_version(fakes), back]


def rules_pushed_between(fakes: Fakes) -> Sequence[Step]:
    """Rules are pushed between two versions; the old ones gave other tags."""
    push = '[defaults]\nthreshold = 0.9\n[labels.People]\ntag = "crowd"\n'
    again = overwritten(fakes, {"People": 0.99, "Guitar": 0.8})
    return [*fresh_upload(fakes), lambda: fakes.rules.use(push, 1), again]


def refused_in_part(fakes: Fakes) -> Sequence[Step]:
    """Cloudinary takes what is to be removed, and refuses what is to be added."""

    def fill() -> None:
        fakes.cloudinary.most_tags = 2

    return [*fresh_upload(fakes), fill, overwritten(fakes, {"People": 0.99, "Cat": 0.9, "Dog": 0.9})]


def refused_for_good(fakes: Fakes) -> Sequence[Step]:
    """Cloudinary refuses the tags for good."""
    fakes.cloudinary.most_tags = 1
    return fresh_upload(fakes)


def deleted(fakes: Fakes) -> Sequence[Step]:
    """The asset is deleted before its tags are written."""
    steps = fresh_upload(fakes)
    del fakes.cloudinary.assets["a1"]
    return steps


def deleted_by_notification(fakes: Fakes) -> Sequence[Step]:
    """The asset is tagged, then deleted, which a notification tells."""
    ref = AssetRef("a1", "stage/a1", "image", "upload", 100)

    def delete() -> None:
        fakes.cloudinary.assets.pop("a1", None)

    return [*fresh_upload(fakes), delete, AssetDeleted(ref, START + 600_000, MessageOrigin("delete", "x1"))]


def renamed(fakes: Fakes) -> Sequence[Step]:
    """The asset is renamed before a new version of it comes."""
    ref = AssetRef("a1", "stage/a2", "image", "upload", 0)

    def rename() -> None:
        fakes.cloudinary.assets["a1"]["public_id"] = "stage/a2"

    labels = {"People": 0.99, "Guitar": 0.9, "Cat": 0.9}
    newer = resource("a1", labels, version=200, tags=("press",), public_id="stage/a2")
    told = AssetRenamed(ref, "stage", START + 5, MessageOrigin("rename", "n1"))
    return [*fresh_upload(fakes), rename, told, upload(newer, START + 9, "d2")]


def answered(fakes: Fakes, before: int = 0, **tags: Any) -> ReviewAnswered:
    """What a person answered about the first version, one after the other."""
    at = START + 60_000 + 1000 * before
    return ReviewAnswered("a1", 100, "arn:aws:iam::1:user/ada", at, MessageOrigin("review", f"{before:012d}"), **tags)


def accepted_and_rejected(fakes: Fakes) -> Sequence[Step]:
    """A person is asked about two tags, wants one of them and not the other; each answer comes twice."""
    fakes.rules.use("[defaults]\nthreshold = 0.9\nreview = 0.5\n", 0)
    both = answered(fakes, accept=("Guitar",), reject=("Musician",))
    return [*fresh_upload(fakes), both, both]


def rejected_then_new_version(fakes: Fakes) -> Sequence[Step]:
    """A rejected label is above its threshold on the next version."""
    again = overwritten(fakes, {"People": 0.99, "Musician": 0.99})
    return [*review(fakes), answered(fakes, reject=("Musician",)), again]


def rejected_though_ours(fakes: Fakes) -> Sequence[Step]:
    """A tag is ours, and a person who is asked about it all the same rejects it."""

    def ask() -> None:
        fakes.store.items["a1"] = replace(fakes.store.items["a1"], review=("Guitar",))

    return [*fresh_upload(fakes), ask, answered(fakes, reject=("Guitar",))]


def accepted_then_removed(fakes: Fakes) -> Sequence[Step]:
    """A person accepts a tag, and another takes it away later; an answer that comes again does not bring it back."""
    accept = answered(fakes, accept=("Musician",))

    def remove() -> None:
        tags = fakes.cloudinary.assets["a1"]["tags"]
        fakes.cloudinary.assets["a1"]["tags"] = [tag for tag in tags if tag != "Musician"]

    removal = person(removed=("Musician",), at=START + 7_200_000)
    return [*review(fakes), accept, lambda: fakes.clock.advance(7_200), remove, removal, accept]


def rejected_and_cleared(fakes: Fakes) -> Sequence[Step]:
    """A rejection is taken back, and the next version's labels give the tag."""
    reject, clear = answered(fakes, reject=("Musician",)), answered(fakes, 1, clear=("Musician",))
    return [*review(fakes), reject, clear, overwritten(fakes, {"People": 0.99, "Musician": 0.99})]


def taken_back(fakes: Fakes, of: ReviewAnswered, *tags: str, before: int = 1) -> ReviewAnswered:
    """That a person takes an answer back."""
    named = audit_id("a1", of.observed_at, of.source.digest[:12])
    return answered(fakes, before, undo=tuple((tag, named) for tag in tags))


def accepted_and_taken_back(fakes: Fakes) -> Sequence[Step]:
    """An accept and a reject are taken back, each by a message that comes twice, and the answers come once more."""
    fakes.rules.use("[defaults]\nthreshold = 0.9\nreview = 0.5\n", 0)
    both = answered(fakes, accept=("Guitar",), reject=("Musician",))
    undo = taken_back(fakes, both, "Guitar", "Musician")
    return [*fresh_upload(fakes), both, undo, undo, both]


def taken_back_before_it_is_carried_out(fakes: Fakes) -> Sequence[Step]:
    """The message that takes an accept back comes first."""
    accept = answered(fakes, accept=("Musician",))
    return [*review(fakes), taken_back(fakes, accept, "Musician"), accept]


def rejected_though_ours_and_taken_back(fakes: Fakes) -> Sequence[Step]:
    """The tag that a reject removed is written again."""
    *steps, reject = rejected_though_ours(fakes)
    assert isinstance(reject, ReviewAnswered)
    return [*steps, reject, taken_back(fakes, reject, "Guitar"), overwritten(fakes, {"People": 0.99, "Guitar": 0.8})]


def taken_back_in_vain(fakes: Fakes) -> Sequence[Step]:
    """Cloudinary refuses to write the tag again that a reject removed."""

    def fill() -> None:
        fakes.cloudinary.most_tags = 2

    *steps, reject = rejected_though_ours(fakes)
    assert isinstance(reject, ReviewAnswered)
    return [*steps, reject, fill, taken_back(fakes, reject, "Guitar")]


def accepted_again(fakes: Fakes) -> Sequence[Step]:
    """An accept that was taken back is given again, and the message that took it back comes late once more."""
    accept = answered(fakes, accept=("Musician",))
    undo = taken_back(fakes, accept, "Musician")
    again = replace(answered(fakes, 2, accept=("Musician",)), by="arn:aws:iam::1:user/eve")
    return [*review(fakes), accept, undo, again, undo, accept]


def accepted_in_vain(fakes: Fakes) -> Sequence[Step]:
    """Cloudinary refuses the accepted tag for good."""

    def fill() -> None:
        fakes.cloudinary.most_tags = 3

    return [*review(fakes), fill, answered(fakes, accept=("Musician",))]


def accepted_of_a_deleted_asset(fakes: Fakes) -> Sequence[Step]:
    """The asset is deleted before the answer is carried out."""

    def delete() -> None:
        fakes.cloudinary.assets.pop("a1", None)

    return [*review(fakes), delete, answered(fakes, accept=("Musician",))]


SCENARIOS: list[Scenario] = [
    *(fresh_upload, new_version, pending_then_info, pending_then_poll, removal_by_a_person),
    *(removal_that_was_overridden, dry_run, review, two_providers, adopt, bus_down, rules_pushed_between),
    *(refused_for_good, refused_in_part, deleted),
    *(deleted_by_notification, renamed),
    *(accepted_and_rejected, rejected_then_new_version, rejected_though_ours, accepted_then_removed),
    *(rejected_and_cleared, accepted_in_vain, accepted_of_a_deleted_asset),
    *(accepted_and_taken_back, taken_back_before_it_is_carried_out, rejected_though_ours_and_taken_back),
    *(taken_back_in_vain, accepted_again),
]


def survives(step: Step, fakes: Fakes) -> bool:
    """Take a step as a worker does; False where the process died and the queue keeps the message."""
    if callable(step):
        step()
        return True
    try:
        handle(fakes.deps, step, fakes.remaining)
    except (Died, Retryable):
        return False
    return True


def run(scenario: Scenario, die_at: tuple[int, str] | None, error: BaseException | None = None) -> Fakes:
    """Run ``scenario``, with one effect that fails; the queue redelivers and the poller sweeps until all is quiet."""
    fakes = Fakes()
    fakes.effects.die_at, fakes.effects.error = die_at, error or Died()
    for step in scenario(fakes):
        while not survives(step, fakes):
            fakes.clock.advance(360)
        if error is not None and any(state.intent for state in fakes.store.items.values()):
            fakes.clock.advance(360)  # what was postponed is done before the next message comes
            sweep(fakes.deps, fakes.remaining)
    come_to_rest(fakes)
    return fakes


EXPECTED: dict[Scenario, Fakes] = {scenario: run(scenario, None) for scenario in SCENARIOS}
CASES = [(s, n, when) for s in SCENARIOS for n in range(EXPECTED[s].effects.done) for when in ("before", "after")]


@pytest.mark.parametrize(("scenario", "number", "when"), CASES)
def test_a_death_at_any_effect_changes_nothing_in_the_end(scenario: Scenario, number: int, when: str) -> None:
    expected = EXPECTED[scenario]
    crashed = run(scenario, (number, when))

    ends_alike(scenario, crashed, expected, number)


@pytest.mark.parametrize(("scenario", "number", "when"), CASES)
def test_a_call_that_fails_at_any_effect_changes_nothing_in_the_end(scenario: Scenario, number: int, when: str) -> None:
    """Throttled, refused or timed out: before the call took effect, or after, so that only the answer is lost."""
    expected = EXPECTED[scenario]
    failed = run(scenario, (number, when), Retryable("throttled, or no answer"))

    ends_alike(scenario, failed, expected, number)


def ends_alike(scenario: Scenario, crashed: Fakes, expected: Fakes, number: int) -> None:
    check(crashed, adopted=frozenset({"people", "musician"} if scenario is adopt else ()))
    assert crashed.effects.done > number
    state, wanted = crashed.store.items["a1"], expected.store.items["a1"]
    assert (state.status, state.managed_tags, state.decided) == (wanted.status, wanted.managed_tags, wanted.decided)
    assert (set(state.people), state.review) == (set(wanted.people), wanted.review)
    assert {k: (w.want, w.withdrawn) for k, w in state.people.items()} == {
        k: (w.want, w.withdrawn) for k, w in wanted.people.items()
    }
    assert ends(crashed) == ends(expected)
    if "a1" in expected.cloudinary.assets:
        assert crashed.cloudinary.tags("a1") == expected.cloudinary.tags("a1")
        assert "press" in crashed.cloudinary.tags("a1")


def ends(fakes: Fakes) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Return what was audited, in its order."""
    return [(a.trigger.kind, a.outcome, a.tags.added, a.tags.removed) for a in fakes.audits.records.values()]


@pytest.mark.parametrize("outcome", ["failed", "gone"])
def test_a_record_that_stands_is_what_its_heir_finishes(outcome: str) -> None:
    """Cloudinary refused, that was recorded, and the process died; by now Cloudinary would take the tags."""
    scenario = refused_for_good if outcome == "failed" else deleted
    fakes = Fakes()
    fakes.effects.die_at = (3, "before")  # after claim, call and record
    (step,) = scenario(fakes)
    assert not survives(step, fakes)
    fakes.cloudinary.most_tags = 1000
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == [outcome] and fakes.store.items["a1"].status == outcome
    assert fakes.store.items["a1"].managed_tags == {} and fakes.cloudinary.tags("a1") == set()
