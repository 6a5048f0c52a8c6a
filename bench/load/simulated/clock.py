"""A simulated clock: real threads run one at a time, and time passes only where all of them wait.

The order is that of the simulated times, and of the calls where times are equal, so a simulation with the same seed has
the same result. A thread that waits for something else, such as a lock that another one holds while it sleeps, would
stop everything: that is reported.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from heapq import heappop, heappush
from itertools import count
from threading import Lock, local
from typing import Any

from bench.load.simulated.tasks import Abandoned, Place, Runner, Signal, Task

_PATIENCE = 60.0


class Simulation:
    """Tasks on one simulated clock. Times are seconds since its begin.

    ``patience``: real seconds without any progress after which it is given up.
    """

    def __init__(self, *, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self.now = 0.0
        self._until = 0.0
        self._due: list[tuple[float, int, Runner | Task, int]] = []
        self._order = count()
        self._steps = 0
        self._mine = local()
        self._main = Lock()
        self._idle: list[Runner] = []
        self._runners: list[Runner] = []
        self._error: BaseException | None = None
        self._stopped = False
        self.over = False

    @property
    def place(self) -> Place | None:
        """Where the running task runs, or None."""
        runner: Runner | None = getattr(self._mine, "runner", None)
        return runner.task.place if runner is not None and runner.task is not None else None

    @property
    def current(self) -> Task:
        """The running task."""
        task: Task = self._mine.runner.task
        return task

    def spawn(self, call: Callable[[], Any], *, place: Place | None = None, at: float | None = None) -> Task:
        """Have ``call`` made at the time ``at``, or at once."""
        return self._add(Task(call, place, awaited=False), self.now if at is None else at)

    def _add(self, task: Task, at: float) -> Task:
        heappush(self._due, (at, next(self._order), task, 0))
        return task

    def start[T](self, call: Callable[[], T]) -> Callable[[], T]:
        """Implement the port ``Start``: make a call beside the running one, in the same place.

        Outside of ``run`` it is made where its result is wanted.
        """
        if getattr(self._mine, "runner", None) is None:
            return cache(call)
        task = self._add(Task(call, self.place, awaited=True), self.now)

        def result() -> T:
            self.wait(task)
            if task.error is not None:
                raise task.error
            value: T = task.result
            return value

        return result

    def sleep_until(self, when: float) -> None:
        """Let the running task go on at ``when``."""
        if self.over:
            raise Abandoned
        if when <= self._until and not self._stopped and (not self._due or when < self._due[0][0]):
            self.now = max(self.now, when)
            self._steps += 1
        else:
            self._sleep(self._mine.runner, when)
        if (place := self.place) is not None:
            place.check()

    def wait(self, task: Task) -> None:
        """Let the running task go on once ``task`` is done."""
        if not task.done:
            runner: Runner = self._mine.runner
            task.waiting.append(runner)
            self._switch(runner)

    def wait_for(self, signal: Signal, until: float) -> None:
        """Let the running task go on at ``until``, or when the signal is given to it."""
        runner: Runner = self._mine.runner
        signal.waiting.append((runner, runner.turn))
        self._sleep(runner, until)

    def give(self, signal: Signal) -> None:
        """Wake the task that has waited longest for the signal, if there is one."""
        while signal.waiting:
            runner, turn = signal.waiting.popleft()
            if runner.turn == turn:
                heappush(self._due, (self.now, next(self._order), runner, turn))
                return

    def stop(self) -> None:
        """End ``run`` as soon as the running task sleeps."""
        self._stopped = True

    def run(self, until: float) -> None:
        """Run all tasks up to the time ``until``, or up to ``stop``. Raises what a task without a waiter raised."""
        self._until, self._stopped = until, False
        self._main.acquire()
        self._next()
        seen = -1
        while not self._main.acquire(timeout=self._patience):
            if self._steps == seen:
                raise RuntimeError("a task waits for something that is not simulated, such as a lock")
            seen = self._steps
        self._main.release()
        if self._error is not None:
            raise self._error
        if not self._stopped:
            self.now = until

    def close(self) -> None:
        """End all threads: those of tasks that are not done, too."""
        self.over = True
        for runner in self._runners:
            runner.gate.release()
        for runner in self._runners:
            runner.thread.join()

    def _sleep(self, runner: Runner, when: float) -> None:
        heappush(self._due, (when, next(self._order), runner, runner.turn))
        self._switch(runner)

    def _switch(self, runner: Runner) -> None:
        self._next()
        runner.gate.acquire()
        if self.over:
            raise Abandoned

    def _next(self) -> None:
        self._steps += 1
        while self._due and isinstance(known := self._due[0][2], Runner) and known.turn != self._due[0][3]:
            heappop(self._due)  # it was woken before
        if self._error is not None or self._stopped or not self._due or self._due[0][0] > self._until:
            self._main.release()
            return
        when, _, due, _ = heappop(self._due)
        self.now = max(self.now, when)
        if isinstance(due, Task):
            runner = self._idle.pop() if self._idle else self._new_runner()
            runner.task = due
            due = runner
        due.turn += 1
        due.gate.release()

    def _new_runner(self) -> Runner:
        runner = Runner(self, self._mine)
        self._runners.append(runner)
        return runner

    def finished(self, runner: Runner, task: Task) -> None:
        """Wake the tasks that wait for ``task``, and let the next one run."""
        task.done = True
        if task.error is not None and not task.awaited:
            self._error = task.error
        for waiting in task.waiting:
            heappush(self._due, (self.now, next(self._order), waiting, waiting.turn))
        runner.task = None
        self._idle.append(runner)
        self._next()
