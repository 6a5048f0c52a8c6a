"""The simulated clock: time passes only where all tasks wait, and the order is always the same."""

from collections.abc import Callable, Iterator
from threading import Lock

import pytest

from bench.load.simulated.clock import Simulation
from bench.load.simulated.tasks import Signal


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    simulation = Simulation()
    yield simulation
    simulation.close()


def test_time_passes_in_the_order_of_what_is_due(simulation: Simulation) -> None:
    seen: list[tuple[str, float]] = []

    def walk(name: str, step: float) -> Callable[[], None]:
        def task() -> None:
            for _ in range(2):
                simulation.sleep_until(simulation.now + step)
                seen.append((name, simulation.now))

        return task

    simulation.spawn(walk("slow", 5))
    simulation.spawn(walk("quick", 2))
    simulation.run(100)
    assert seen == [("quick", 2.0), ("quick", 4.0), ("slow", 5.0), ("slow", 10.0)]
    assert simulation.now == 100


def test_tasks_of_the_same_time_run_in_the_order_in_which_they_came(simulation: Simulation) -> None:
    seen: list[int] = []
    for number in range(20):
        simulation.spawn(lambda number=number: seen.append(number), at=1)  # type: ignore[misc]
    simulation.run(1)
    assert seen == list(range(20))


def test_calls_that_are_started_side_by_side_wait_together(simulation: Simulation) -> None:
    results: list[tuple[list[float], float]] = []

    def nap() -> float:
        simulation.sleep_until(simulation.now + 3)
        return simulation.now

    def task() -> None:
        waits = [simulation.start(nap) for _ in range(4)]
        results.append(([wait() for wait in waits], simulation.now))

    simulation.spawn(task)
    simulation.run(10)
    assert results == [([3.0] * 4, 3.0)]


def test_an_error_of_a_started_call_is_raised_where_its_result_is_wanted(simulation: Simulation) -> None:
    caught: list[str] = []

    def fail() -> None:
        simulation.sleep_until(2)
        raise KeyError("x")

    def task() -> None:
        wait = simulation.start(fail)
        try:
            wait()
        except KeyError as error:
            caught.append(f"{error} at {simulation.now}")

    simulation.spawn(task)
    simulation.run(10)
    assert caught == ["'x' at 2"]


def test_an_error_that_no_task_waits_for_ends_the_simulation(simulation: Simulation) -> None:
    simulation.spawn(lambda: 1 / 0, at=3)
    with pytest.raises(ZeroDivisionError):
        simulation.run(10)
    assert simulation.now == 3


def test_a_signal_wakes_the_task_that_waited_longest(simulation: Simulation) -> None:
    seen, signal = list[tuple[str, float]](), Signal()

    def wait(name: str) -> Callable[[], None]:
        def task() -> None:
            simulation.wait_for(signal, 50)
            seen.append((name, simulation.now))

        return task

    for name in ("first", "second"):
        simulation.spawn(wait(name))
    simulation.spawn(lambda: simulation.give(signal), at=7)
    simulation.run(100)
    assert seen == [("first", 7.0), ("second", 50.0)]


def test_stop_ends_the_run_and_leaves_the_rest_undone(simulation: Simulation) -> None:
    seen: list[float] = []

    def task() -> None:
        while True:
            seen.append(simulation.now)
            if simulation.now == 2:
                simulation.stop()
            simulation.sleep_until(simulation.now + 1)

    simulation.spawn(task)
    simulation.run(10)
    assert seen == [0, 1, 2] and simulation.now == 2


def test_a_task_that_waits_for_a_lock_of_a_sleeping_one_is_reported() -> None:
    simulation, lock = Simulation(patience=0.01), Lock()

    def hold() -> None:
        with lock:
            simulation.sleep_until(5)

    def need() -> None:
        lock.acquire()

    simulation.spawn(hold)
    simulation.spawn(need)
    with pytest.raises(RuntimeError, match="not simulated, such as a lock"):
        simulation.run(10)
    lock.release()


def test_outside_of_a_run_a_call_is_made_where_its_result_is_wanted() -> None:
    made: list[int] = []

    def call() -> str:
        made.append(1)
        return "done"

    wait = Simulation().start(call)
    assert not made
    assert (wait(), wait(), made) == ("done", "done", [1])
