"""The console on this machine: all pages, for the person whose AWS credentials it uses."""

from starlette.applications import Starlette

from autotag_console.ask import Ask
from autotag_console.guard.composition import compose
from autotag_console.guard.start_token import with_start_token
from autotag_console.learning.background import Background
from autotag_console.learning.learned import learn_from
from autotag_console.pages import answers, asset, deck, done, grid, health, rules, start, stats, suggest
from autotag_console.pages import library as search
from autotag_console.pages.runs import listed, one, plan
from autotag_console.runs.plans import Plans
from autotag_console.settings import ConsoleSettings
from autotag_console.warm_up import warmed_up
from autotag_console.workbench import edit, push, versions
from autotag_console.workbench.library_pages import NO_LIBRARY, LibraryPages

PAGES = (
    start, deck, grid, answers, done, asset, search, suggest, rules, edit, push, versions, listed, plan, one, health,
    stats,
)  # fmt: skip
"""The modules of the pages; each has ``routes``."""


def create_app(ask: Ask, settings: ConsoleSettings, library: LibraryPages = NO_LIBRARY) -> Starlette:
    """Return the console of the stack that ``ask`` answers for.

    ``library`` is what an export of the stack adds. Pages find in ``request.app.state`` what ``compose`` says, and also
    ``ask``, what is ``learned`` from people, the ``plans`` of runs, and ``effect`` and ``label_names`` of the library.
    """
    pages = [library.routes, *(page.routes for page in PAGES)]
    app = compose(settings, with_start_token(ask, settings), pages, lifespan=warmed_up)
    app.state.ask = ask
    app.state.learned = Background(learn_from(ask))
    app.state.plans = Plans(ask)
    app.state.effect, app.state.label_names = library.effect, library.label_names
    return app
