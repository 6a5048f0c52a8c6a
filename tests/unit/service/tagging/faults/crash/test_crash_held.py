"""A process may die at any moment with only its message to come again, or with that message at two processes."""

import pytest
from hypothesis import settings

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import Message
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.unit.service.settle import come_to_rest
from tests.unit.service.tagging.faults.crash.crash_scenarios import Scenario
from tests.unit.service.tagging.faults.crash.test_crash import EXPECTED, SCENARIOS, ends_alike, survives

AGAIN = 360
"""Seconds until the message of a process that died comes again."""


def alone(scenario: Scenario, die_at: tuple[int, str] | None) -> Fakes:
    """Run ``scenario`` without the poller; the queue delivers the message of a process that died again."""
    fakes = Fakes()
    fakes.effects.die_at = die_at
    for step in scenario(fakes):
        again = False
        while not survives(step, fakes, received_before=again):
            again = True
            fakes.clock.advance(AGAIN)
    return fakes


def is_at_rest(fakes: Fakes) -> bool:
    return not any(s.intent or s.dirty or s.outbox or s.answers or s.poll for s in fakes.store.items.values())


WITHOUT_POLLER = [scenario for scenario in SCENARIOS if is_at_rest(alone(scenario, None))]
"""All but those that wait for a read, or for the event bus: that is the poller's work."""

CASES = [
    (s, n, when) for s in WITHOUT_POLLER for n in range(alone(s, None).effects.done) for when in ("before", "after")
]


def test_few_scenarios_need_the_poller() -> None:
    assert len(WITHOUT_POLLER) >= len(SCENARIOS) - 8


@pytest.mark.parametrize(("scenario", "number", "when"), CASES)
def test_a_death_at_any_effect_is_made_good_by_the_message_that_comes_again_without_the_poller(
    scenario: Scenario, number: int, when: str
) -> None:
    crashed = alone(scenario, (number, when))
    assert is_at_rest(crashed)
    ends_alike(scenario, crashed, alone(scenario, None), number)


class TwoHolders:
    """One message at two processes: the first is interrupted by all of the second at its turn number ``second_at``,
    and dies at its turn number ``dies_at``."""

    def __init__(self, fakes: Fakes, message: Message, second_at: int, dies_at: int) -> None:
        self.fakes, self.message, self.second_at, self.dies_at = fakes, message, second_at, dies_at
        self.turns, self.deleted = 0, False

    def run(self) -> bool:
        """Let both handle the message, and the queue deliver it again if none has; return whether the first died."""
        self.fakes.effects.turn = self._turn
        try:
            handle(self.fakes.deps, self.message, self.fakes.remaining, received_before=False)
            self.deleted = True
        except (Died, Retryable):
            pass
        finally:
            self.fakes.effects.turn = lambda: None
        died = self.turns == self.dies_at
        while not self.deleted:
            self.fakes.clock.advance(AGAIN)
            self.deleted = survives(self.message, self.fakes, received_before=True)
        return died

    def _turn(self) -> None:
        self.turns += 1
        if self.turns == self.second_at:
            self.fakes.effects.turn = lambda: None
            self.deleted = survives(self.message, self.fakes, received_before=True)
            self.fakes.effects.turn = self._turn
        if self.turns == self.dies_at:
            raise Died


STEP = 1 if settings.get_current_profile_name() in ("machine", "mutate") else 7  # `make test` tries a seventh of them
MESSAGES = [(s, n) for s in SCENARIOS for n, step in enumerate(s(Fakes())) if not callable(step)]


def survive_two(scenario: Scenario, number: int, second_at: int, dies_at: int) -> bool:
    """Run ``scenario`` with its step ``number`` at two processes; return whether the first came to its death."""
    fakes, died = Fakes(), False
    for n, step in enumerate(scenario(fakes)):
        if n == number and not callable(step):
            died = TwoHolders(fakes, step, second_at, dies_at).run()
            if any(state.intent for state in fakes.store.items.values()):
                fakes.clock.advance(AGAIN)  # what is left is done before the next message comes
                a_minute(fakes)
            continue
        while not survives(step, fakes):
            fakes.clock.advance(AGAIN)
    if died:
        come_to_rest(fakes)
        ends_alike(scenario, fakes, EXPECTED[scenario], -1)
    return died


@pytest.mark.parametrize(("scenario", "number"), MESSAGES)
def test_a_message_at_two_processes_of_which_one_deletes_it_and_the_other_dies_is_carried_out_once(
    scenario: Scenario, number: int
) -> None:
    second_at = 1
    while survive_two(scenario, number, second_at, second_at):
        dies_at = second_at + 1
        while survive_two(scenario, number, second_at, dies_at):
            dies_at += STEP
        second_at += 1
    assert second_at > 1
