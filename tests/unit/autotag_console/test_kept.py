"""Answers that are kept: asked for once by pages that come together, and again once they are old."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest

from autotag.domain.errors import Retryable
from autotag.service.operations.api import Request
from autotag.service.operations.health import Health
from autotag_console.kept import Kept, in_time


class Service:
    """Answers with the number of the question, once ``open``; ``fails`` of the first questions raise."""

    def __init__(self, fails: int = 0) -> None:
        self.asked, self.fails, self.time = 0, fails, 100.0
        self.open = threading.Event()
        self.open.set()
        self.kept = Kept(lambda: self.time)
        app = Starlette()
        app.state.ask = self
        self.http = HttpRequest({"type": "http", "app": app})

    def __call__(self, request: Request) -> bytes:
        self.asked += 1
        if self.asked <= self.fails:
            raise Retryable("it is down")
        assert self.open.wait(10)
        return b'{"number": %d}' % self.asked

    def ask(self, seconds: float = 60) -> Any:
        return self.kept.asked(self.http, Health(), dict[str, int], seconds)


def test_an_answer_is_asked_for_again_once_it_is_old() -> None:
    service = Service()

    async def three() -> list[Any]:
        found = [await service.ask()]
        service.time += 60
        found.append(await service.ask())
        service.time += 1
        return [*found, await service.ask()]

    assert asyncio.run(three()) == [{"number": 1}, {"number": 1}, {"number": 2}]


def test_pages_that_come_together_ask_once() -> None:
    service = Service()
    service.open.clear()

    async def together() -> list[Any]:
        asking = [asyncio.create_task(service.ask()) for _ in range(5)]
        await asyncio.sleep(0)
        service.open.set()
        return await asyncio.gather(*asking)

    assert asyncio.run(together()) == [{"number": 1}] * 5 and service.asked == 1


def test_an_answer_that_was_forgotten_while_it_was_asked_for_is_not_kept() -> None:
    service = Service()
    service.open.clear()

    async def forgotten() -> list[Any]:
        asking = asyncio.create_task(service.ask())
        while not service.asked:
            await asyncio.sleep(0.001)
        service.kept.forget(Health())
        service.open.set()
        return [await asking, await service.ask(), await service.ask()]

    assert asyncio.run(forgotten()) == [{"number": 1}, {"number": 2}, {"number": 2}]


def test_an_error_is_not_kept() -> None:
    service = Service(fails=1)
    with pytest.raises(Retryable):
        asyncio.run(service.ask())
    assert service.kept.fresh(Health(), dict, 60) is None
    assert asyncio.run(service.ask()) == {"number": 2}
    assert service.kept.fresh(Health(), dict, 60) == {"number": 2}


def test_a_shared_answer_is_not_kept() -> None:
    service = Service()

    async def two_then_one() -> list[Any]:
        def ask() -> Any:
            return service.kept.shared(service.http, Health(), dict[str, int])

        return [*await asyncio.gather(ask(), ask()), await ask()]

    assert asyncio.run(two_then_one()) == [{"number": 1}, {"number": 1}, {"number": 2}]


def test_a_page_that_is_given_up_does_not_end_the_question_of_another_one() -> None:
    service = Service()
    service.open.clear()

    async def one_of_two() -> Any:
        given_up, other = (
            asyncio.create_task(service.kept.shared(service.http, Health(), dict[str, int])) for _ in range(2)
        )
        await asyncio.sleep(0)
        given_up.cancel()
        service.open.set()
        return await other

    assert asyncio.run(one_of_two()) == {"number": 1}


def test_what_takes_longer_than_a_page_waits_goes_on_for_the_next_one() -> None:
    service = Service()
    service.open.clear()
    service.http.app.state.settings = SimpleNamespace(patience=0.0)

    async def late() -> list[Any]:
        def ask() -> Any:
            return service.kept.shared(service.http, Health(), dict[str, int])

        first = await in_time(service.http, ask())
        second = asyncio.create_task(ask())
        await asyncio.sleep(0)
        service.open.set()
        return [first, await second]

    assert asyncio.run(late()) == [None, {"number": 1}]
