"""The console on this machine: all pages, for the person whose AWS credentials it uses."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from autotag_console.ask import Ask
from autotag_console.guard.composition import compose
from autotag_console.guard.start_token import with_start_token
from autotag_console.learning.background import Background
from autotag_console.learning.learned import learn_from
from autotag_console.pages import answers, asset, deck, done, grid, health, library, rules, start, stats, suggest
from autotag_console.pages.runs import listed, one, plan
from autotag_console.runs.plans import Plans
from autotag_console.settings import ConsoleSettings
from autotag_console.warm_up import warmed_up

PAGES = (start, deck, grid, answers, done, asset, library, suggest, rules, listed, plan, one, health, stats)
"""The modules of the pages; each has ``routes``."""


def create_app(ask: Ask, settings: ConsoleSettings, more: Sequence[BaseRoute] = ()) -> Starlette:
    """Return the console of the stack that ``ask`` answers for.

    ``more`` are pages that not every console has. They come before others of the same address.

    Pages find in ``request.app.state`` what ``compose`` says, and also ``ask``, and what is ``learned`` from people.
    """
    pages = [more, *(page.routes for page in PAGES)]
    app = compose(settings, with_start_token(ask, settings), pages, lifespan=warmed_up)
    app.state.ask = ask
    app.state.learned = Background(learn_from(ask))
    app.state.plans = Plans(ask)
    return app
