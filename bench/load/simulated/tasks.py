"""Tasks in simulated time, and the threads that run them, one at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock, Thread, local
from typing import Any, Protocol


class Abandoned(BaseException):
    """The simulation ended while this thread slept: no code under test may catch it."""


class Place(Protocol):
    """Where a task runs, such as an invocation of a function."""

    def check(self) -> None:
        """Raise if the task may not go on."""
        ...


class Task:
    """A call that runs in simulated time, in ``place``."""

    def __init__(self, call: Callable[[], Any], place: Place | None, *, awaited: bool) -> None:
        self.call, self.place, self.awaited = call, place, awaited
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.waiting: list[Runner] = []


class Signal:
    """Something that tasks wait for, such as the next message of a queue."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[Runner, int]] = deque()


class RunsOn(Protocol):
    """The simulation of a thread: when to end, and what to do when a task is done."""

    over: bool

    def finished(self, runner: Runner, task: Task) -> None:
        """Wake those that wait for ``task``, and let the next task run."""
        ...


class Runner:
    """A thread that runs tasks, one after another, each time that its gate is opened."""

    def __init__(self, runs_on: RunsOn, mine: local) -> None:
        self.task: Task | None = None
        self.turn = 0  # what is due for an earlier turn is not due any more
        self.gate = Lock()
        self.gate.acquire()
        self._runs_on, self._mine = runs_on, mine
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        self._mine.runner = self
        while True:
            self.gate.acquire()
            task = self.task
            if self._runs_on.over or task is None:
                return
            try:
                task.result = task.call()
            except Abandoned:
                return
            except BaseException as error:  # raised where the result is wanted, or by ``run``
                task.error = error
            self._runs_on.finished(self, task)
