"""A Cloudinary that hangs, or fails whatever it is asked: how soon no call waits for it any more."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from autotag.adapters.cloudinary.circuit import FAILURES, PAUSE
from autotag.domain.errors import BudgetExhausted, Missing, Permanent, Retryable, Unavailable
from tests.integration.adapters.cloudinary.cloudinary_api import ASSET, HTML, TAGGED, Api, error
from tests.integration.adapters.cloudinary.cloudinary_server import Reply

HANG = Reply(fault="hang")
SHORT = 4.0
"""Seconds of a call, of which each try gets half a second."""

AT_ONCE = 10


def hang(api: Api) -> None:
    with pytest.raises(Unavailable, match="Cloudinary: ReadTimeoutError"):
        api.tag(HANG, timeout=SHORT)


def test_one_call_that_hangs_stops_the_others(api: Api) -> None:
    hang(api)
    assert len(api.server.requests) == FAILURES == 3  # it is tried as often
    with pytest.raises(Unavailable):
        api.circuits["upload"].check()
    api.circuits["admin"].check()


def test_a_response_that_trickles_is_left_within_the_time_of_its_call_and_counts_as_none(api: Api) -> None:
    for _ in range(FAILURES):
        api.server.replies = [TAGGED._replace(trickles=True)]
        began = time.monotonic()
        with pytest.raises(Retryable, match="in the body") as told:
            api.adapter.change_tags(ASSET, "add", ("a",), 1)
        assert time.monotonic() - began < 3
    assert told.type is Unavailable and api.circuits["upload"].is_open


def test_of_calls_that_hang_side_by_side_none_is_tried_again_once_they_are_known_to_hang(api: Api) -> None:
    api.server.replies = [HANG]

    def call(_: int) -> type[Exception]:
        with pytest.raises(Retryable) as told:
            api.adapter.change_tags(ASSET, "add", ("a",), SHORT)
        return told.type

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert set(pool.map(call, range(AT_ONCE))) == {Unavailable}
    assert AT_ONCE <= len(api.server.requests) < AT_ONCE + FAILURES


def test_after_a_pause_one_try_alone_finds_out_whether_it_answers_again(api: Api) -> None:
    hang(api)
    api.clock.advance(PAUSE)
    api.circuits["upload"].check()
    hang(api)
    assert len(api.server.requests) == FAILURES + 1
    api.clock.advance(PAUSE)
    api.circuits["upload"].check()
    assert api.tag(TAGGED, timeout=SHORT)
    assert [event for event, _ in api.telemetry.lines] == ["circuit_opened", "circuit_closed"]


def test_a_page_instead_of_an_answer_counts_as_none(api: Api) -> None:
    for _ in range(FAILURES):
        with pytest.raises(Retryable):
            api.read(Reply(200, HTML))
    assert api.circuits["admin"].is_open


@pytest.mark.parametrize("reply", [Reply(fault="reset"), Reply(500, error("oops")), Reply(503, HTML)])
def test_calls_that_fail_in_a_row_after_all_their_tries_stop_the_others_too(api: Api, reply: Reply) -> None:
    kinds = []
    for _ in range(FAILURES):
        with pytest.raises(Retryable) as told:
            api.read(reply)
        kinds.append(told.type)
    assert kinds == [Retryable] * (FAILURES - 1) + [Unavailable]
    assert len(api.server.requests) == 3 * FAILURES
    api.circuits["upload"].check()


def test_a_wait_that_a_failing_server_asks_for_is_kept(api: Api) -> None:
    for _ in range(FAILURES):
        with pytest.raises(Retryable) as told:
            api.tag(Reply(503, HTML, {"Retry-After": "60"}))
    assert (told.type, told.value.delay) == (Unavailable, 60)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(400, error("too many tags")), Permanent),
        (Reply(404, error("not found")), Missing),
        (Reply(423, error("locked")), Retryable),
        (Reply(420, error("Rate Limit Exceeded"), {"Retry-After": "600"}), BudgetExhausted),
    ],
)
def test_a_server_that_refuses_a_call_is_there(api: Api, reply: Reply, kind: type[Exception]) -> None:
    for _ in range(FAILURES - 1):
        with pytest.raises(Retryable):
            api.read(Reply(500, error("oops")))
    with pytest.raises(kind):
        api.read(reply)
    with pytest.raises(Retryable) as told:
        api.read(Reply(500, error("oops")))
    assert told.type is Retryable
