"""The console on this machine: all pages, for the person whose AWS credentials it uses."""

from starlette.applications import Starlette

from autotag_console.ask import Ask
from autotag_console.guard.composition import compose
from autotag_console.guard.start_token import with_start_token
from autotag_console.learning.background import Background
from autotag_console.learning.learned import learn_from
from autotag_console.pages import answers, asset, deck, done, grid, health, rules, runs, start, suggest
from autotag_console.settings import ConsoleSettings
from autotag_console.warm_up import warmed_up

PAGES = (start, deck, grid, answers, done, asset, suggest, rules, runs, health)
"""The modules of the pages; each has ``routes``."""


def create_app(ask: Ask, settings: ConsoleSettings) -> Starlette:
    """Return the console of the stack that ``ask`` answers for.

    Pages find in ``request.app.state`` what ``compose`` says, and also ``ask``, and what is ``learned`` from people.
    """
    app = compose(settings, with_start_token(ask, settings), [page.routes for page in PAGES], lifespan=warmed_up)
    app.state.ask = ask
    app.state.learned = Background(learn_from(ask))
    return app
