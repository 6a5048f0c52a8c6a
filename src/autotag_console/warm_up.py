"""What the first page needs is asked for while the browser still opens: functions that are cold start meanwhile."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable

from starlette.applications import Starlette
from starlette.requests import Request

from autotag.domain.errors import AutotagError
from autotag_console.pages.health import lines_of
from autotag_console.pages.start import work_of


@contextlib.asynccontextmanager
async def warmed_up(app: Starlette) -> AsyncIterator[None]:
    """Ask at the start of the application; a page that comes first waits for the same answers."""
    request = Request({"type": "http", "app": app})
    tasks = [asyncio.create_task(_quietly(work)) for work in (work_of(request), lines_of(request))]
    yield
    for task in tasks:
        task.cancel()


async def _quietly(work: Awaitable[object]) -> None:
    with contextlib.suppress(AutotagError):  # the page itself says what is wrong
        await work
