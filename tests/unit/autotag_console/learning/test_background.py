"""Long work of the console: one at a time, with its progress, its last result kept, its faults in a sentence."""

import threading
from collections.abc import Callable

from autotag.domain.errors import Retryable
from autotag_console.learning.background import Background, Progress, Result


class Work:
    """Work that waits until it is told to go on; ``begun`` are the things that it was asked for."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.fails: Exception | None = None

    def __call__(self, wanted: str, report: Callable[[int, bool, int], None]) -> str:
        self.begun.append(wanted)
        report(7, True, 9)
        self.reached.set()
        assert self.go_on.wait(60)
        if self.fails is not None:
            raise self.fails
        return wanted.upper()


def test_progress_is_seen_while_it_works_and_the_result_with_its_time_afterwards() -> None:
    work = Work()
    background = Background(work, now=lambda: 100.0)
    background.start("one")
    assert work.reached.wait(60)
    seen = background.progress
    work.go_on.set()
    background.join()
    assert (seen, background.progress, background.last) == (
        Progress(100.0, 7, all_done=True, of=9),
        None,
        Result(100.0, "ONE"),
    )


def test_it_never_works_twice_at_once() -> None:
    work = Work()
    background = Background(work)
    for _ in range(3):
        background.start("one")
    work.go_on.set()
    background.join()
    background.start("two")
    background.join()
    assert work.begun == ["one", "two"] and background.last is not None and background.last.value == "TWO"


def test_a_fault_is_kept_until_the_next_time_and_the_last_result_stays() -> None:
    work = Work()
    work.go_on.set()
    background = Background(work)
    background.start("one")
    background.join()
    work.fails = Retryable("the stack is busy")
    background.start("two")
    background.join()
    assert background.fault == "the stack is busy" and background.progress is None
    assert background.last is not None and background.last.value == "ONE"
    work.fails = None
    background.start("three")
    background.join()
    assert background.fault == "" and background.last.value == "THREE"
