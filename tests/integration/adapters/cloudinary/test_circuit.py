"""The circuit breaker for a Cloudinary that does not answer: when it opens, who may try again, when it closes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from autotag.adapters.cloudinary.circuit import FAILURES, PAUSE, CallGuard, Circuit
from autotag.domain.errors import CredentialsRefused, Unavailable
from tests.fakes.cloudinary import FakeLimits
from tests.fakes.runtime import FakeClock, FakeTelemetry


class Given:
    """A circuit with its clock and what it logs and counts."""

    def __init__(self) -> None:
        self.clock, self.telemetry = FakeClock(), FakeTelemetry()
        self.clock.step = 0
        self.circuit = Circuit("upload", self.clock.now, self.telemetry)

    def fail(self, times: int = FAILURES) -> None:
        for _ in range(times):
            self.circuit.failed()

    def is_open(self) -> bool:
        """Whether a call of this thread is refused."""
        try:
            self.circuit.check()
        except Unavailable:
            return True
        return False

    def is_open_elsewhere(self) -> bool:
        """Whether a call of another thread is refused."""
        with ThreadPoolExecutor(1) as other:
            return other.submit(self.is_open).result()


@pytest.fixture
def given() -> Given:
    return Given()


def test_it_opens_after_failures_in_a_row_and_says_so_once(given: Given) -> None:
    given.fail(FAILURES - 1)
    assert not given.is_open()
    given.fail(3)
    assert given.is_open()
    assert given.telemetry.counts == {"CircuitOpened": 1}
    assert given.telemetry.lines == [("circuit_opened", {"api": "upload", "seconds": PAUSE})]


def test_an_answer_in_between_begins_the_count_anew(given: Given) -> None:
    given.fail(FAILURES - 1)
    given.circuit.answered()
    given.fail(FAILURES - 1)
    assert not given.is_open() and given.telemetry.lines == []


def test_after_a_pause_one_thread_alone_tries_again(given: Given) -> None:
    given.fail()
    given.clock.advance(PAUSE - 1)
    assert given.is_open() and given.is_open_elsewhere()
    given.clock.advance(1)
    assert not given.is_open() and given.is_open_elsewhere()
    assert not given.is_open()  # it may look twice before it calls


def test_a_try_that_fails_keeps_it_open_for_another_pause(given: Given) -> None:
    given.fail()
    given.clock.advance(PAUSE)
    assert not given.is_open()
    given.clock.advance(7)
    given.fail(1)
    given.clock.advance(PAUSE - 1)
    assert given.is_open()
    given.clock.advance(1)
    assert not given.is_open()


def test_a_try_that_is_answered_closes_it_for_all(given: Given) -> None:
    given.fail()
    given.clock.advance(PAUSE)
    given.circuit.check()
    given.circuit.answered()
    assert not given.is_open_elsewhere()
    assert given.telemetry.lines[-1] == ("circuit_closed", {"api": "upload"})
    given.fail(FAILURES - 1)
    assert not given.is_open()


def test_a_thread_that_does_not_call_after_all_leaves_its_turn_to_others(given: Given) -> None:
    given.fail()
    given.clock.advance(PAUSE)
    given.circuit.check()
    given.clock.advance(PAUSE)
    assert not given.is_open_elsewhere()


def test_a_clock_that_is_set_back_does_not_keep_it_open(given: Given) -> None:
    given.fail()
    given.clock.advance(-86_400)
    assert not given.is_open()


def test_refused_credentials_and_silence_both_stop_calls_and_only_of_the_api_that_is_silent(given: Given) -> None:
    limits, admin = FakeLimits(), Circuit("admin", given.clock.now, given.telemetry)
    guard, now = CallGuard(limits, {"upload": given.circuit, "admin": admin}), given.clock.now()
    given.fail()
    with pytest.raises(Unavailable, match="upload"):
        guard.check(now, "upload")
    guard.check(now, "admin")
    guard.trip(now, "401")
    assert guard.opened(now) == limits.opened(now) is not None
    with pytest.raises(CredentialsRefused):
        guard.check(now, "admin")
