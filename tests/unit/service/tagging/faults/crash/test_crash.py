"""A process may die before or after any effect: redelivery and the poller bring every run to the same end."""

import pytest

from autotag.domain.errors import Retryable
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.samples import GUITARIST, resource
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.crash.crash_answer_scenarios import (
    accepted_again,
    accepted_and_rejected,
    accepted_and_taken_back,
    accepted_in_vain,
    accepted_of_a_deleted_asset,
    accepted_then_removed,
    rejected_and_cleared,
    rejected_then_new_version,
    rejected_though_ours,
    rejected_though_ours_and_taken_back,
    sampled_and_answered,
    sampled_and_taken_back,
    sampled_in_vain,
    sampled_then_new_version,
    sampled_then_removed,
    taken_back_before_it_is_carried_out,
    taken_back_in_vain,
)
from tests.unit.service.tagging.faults.crash.crash_scenarios import (
    Scenario,
    Step,
    adopt,
    bus_down,
    deleted,
    deleted_by_notification,
    dry_run,
    fresh_upload,
    new_version,
    pending_then_info,
    pending_then_poll,
    refused_for_good,
    refused_in_part,
    removal_by_a_person,
    removal_that_was_overridden,
    renamed,
    review,
    rules_pushed_between,
    two_providers,
)

SCENARIOS: list[Scenario] = [
    *(fresh_upload, new_version, pending_then_info, pending_then_poll, removal_by_a_person),
    *(removal_that_was_overridden, dry_run, review, two_providers, adopt, bus_down, rules_pushed_between),
    *(refused_for_good, refused_in_part, deleted),
    *(deleted_by_notification, renamed),
    *(accepted_and_rejected, rejected_then_new_version, rejected_though_ours, accepted_then_removed),
    *(rejected_and_cleared, accepted_in_vain, accepted_of_a_deleted_asset),
    *(accepted_and_taken_back, taken_back_before_it_is_carried_out, rejected_though_ours_and_taken_back),
    *(taken_back_in_vain, accepted_again),
    *(sampled_and_answered, sampled_and_taken_back, sampled_in_vain, sampled_then_removed, sampled_then_new_version),
]


def survives(step: Step, fakes: Fakes, *, received_before: bool = False) -> bool:
    """Take a step as a worker does; False where the process died and the queue keeps the message."""
    if callable(step):
        step()
        return True
    try:
        handle(fakes.deps, step, fakes.remaining, received_before=received_before)
    except (Died, Retryable):
        return False
    return True


def run(scenario: Scenario, die_at: tuple[int, str] | None, error: BaseException | None = None) -> Fakes:
    """Run ``scenario``, with one effect that fails; the queue redelivers and the poller sweeps until all is quiet."""
    fakes = Fakes()
    fakes.effects.die_at, fakes.effects.error = die_at, error or Died()
    for step in scenario(fakes):
        again = False
        while not survives(step, fakes, received_before=again):
            fakes.clock.advance(360)
            again = True
        if error is not None and any(state.intent for state in fakes.store.items.values()):
            fakes.clock.advance(360)  # what was postponed is done before the next message comes
            a_minute(fakes)
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
    assert {k: s.answer for k, s in state.samples.items()} == {k: s.answer for k, s in wanted.samples.items()}
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
    fakes.clock.advance(360)
    assert survives(step, fakes, received_before=True)  # it comes again
    come_to_rest(fakes)

    check(fakes)
    assert fakes.outcomes() == [outcome] and fakes.store.items["a1"].status == outcome
    assert fakes.store.items["a1"].managed_tags == {} and fakes.cloudinary.tags("a1") == set()
