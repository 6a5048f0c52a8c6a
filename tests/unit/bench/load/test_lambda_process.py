"""A process of a function: a part of a core that its threads share, waiting that they do at once, a time limit."""

import pytest

from bench.load.simulated.clock import Simulation
from bench.load.simulated.lambda_process import Invocation, TimedOut
from bench.load.simulated.template import Function


def ended(calls: int, *, at_once: bool, function: Function) -> float:
    """Return when so many calls are done, each of 0.1 s of a whole core and of 1 s of waiting."""
    simulation, at = Simulation(), list[float]()
    place = Invocation(simulation, function)

    def task() -> None:
        simulation.current.place = place
        place.begin()
        if at_once:
            waits = [simulation.start(lambda: place.spend(0.1, 1)) for _ in range(calls)]
            for wait in waits:
                wait()
        else:
            for _ in range(calls):
                place.spend(0.1, 1)
        at.append(simulation.now)

    simulation.spawn(task)
    try:
        simulation.run(1000)
    finally:
        simulation.close()
    return at[0]


def test_threads_wait_together_but_take_turns_on_the_core() -> None:
    quarter = Function(core=0.25, timeout=60)
    assert ended(5, at_once=False, function=quarter) == pytest.approx(5 * (0.4 + 1))
    assert ended(5, at_once=True, function=quarter) == pytest.approx(5 * 0.4 + 1)


def test_an_invocation_is_killed_at_its_time_limit() -> None:
    with pytest.raises(TimedOut):
        ended(5, at_once=False, function=Function(core=0.25, timeout=3))
