"""What an export adds to the console: pages of its own, and answers on the pages of the workbench."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple

from starlette.requests import Request
from starlette.routing import BaseRoute

from autotag_console.workbench.effect_view import EffectView
from autotag_console.workbench.form import Draft

Effect = Callable[[Request, Draft], Awaitable[EffectView | None]]
"""Returns what the rules in the editor would change in the library; None: not known yet."""

LabelNames = Callable[[], Iterable[str]]
"""Returns the names of the library's labels that are known by now."""


class LibraryPages(NamedTuple):
    """The pages about an export, which come before others of the same address, and what other pages ask it."""

    routes: Sequence[BaseRoute] = ()
    effect: Effect | None = None
    label_names: LabelNames = tuple


NO_LIBRARY = LibraryPages()
