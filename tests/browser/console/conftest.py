"""The console on a stack in memory, with what a test puts into it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from autotag_console.settings import LibraryFile
from tests.browser.console.service import LIBRARIAN, Service
from tests.browser.console.serving import Console, served_console, served_pictures


@pytest.fixture(scope="session")
def pictures() -> Iterator[str]:
    """The address of a host of pictures."""
    with served_pictures() as url:
        yield url


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def start_console(service: Service, pictures: str) -> Iterator[Callable[..., Console]]:
    """A function that starts one more console of the stack, by default the librarian's."""
    with ExitStack() as running:

        def start(
            caller: str = LIBRARIAN, port: int = 0, library: LibraryFile | None = None, *, in_steps: bool = False
        ) -> Console:
            ask = service.ask_as(caller)
            return running.enter_context(
                served_console(ask, pictures, caller=caller, port=port, library=library, in_steps=in_steps)
            )

        yield start


@pytest.fixture
def console(start_console: Callable[..., Console]) -> Console:
    return start_console()
