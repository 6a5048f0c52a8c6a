"""The deployed console: the pages that need no file of the operator's, for people who signed in, each within a role."""

from collections.abc import Callable

from starlette.applications import Starlette

from autotag.ports.console import Fetch
from autotag.service.operations.api import Request
from autotag_console.ask import Ask
from autotag_console.guard.composition import compose
from autotag_console.guard.sessions import Session
from autotag_console.pages import answers, asset, deck, done, grid, health, library, rules, start, stats_in_steps
from autotag_console.pages.runs import listed, one, plan_in_steps
from autotag_console.roles import check_session
from autotag_console.settings import ConsoleSettings
from autotag_console.sign_in.cookies import SESSION
from autotag_console.sign_in.document import ConsoleDocument
from autotag_console.sign_in.pages import with_provider
from autotag_console.sign_in.provider import Provider
from autotag_console.sign_in.sealed import Sealer
from autotag_console.workbench import edit, push, versions

PAGES = (
    start, deck, grid, answers, done, asset, library, rules, edit, push, versions, listed, plan_in_steps, one, health,
    stats_in_steps,
)  # fmt: skip
"""The modules of the pages; each has ``routes``. No page is among them that works on after its answer: Lambda stops."""

ABSENT = frozenset({"/rules/suggest"})
"""Paths of pages that only the console on an operator's machine has."""

_PATIENCE = 20.0
"""Seconds for which a page waits for numbers: nothing goes on after an answer, so a script cannot load them later."""


def create_deployed_app(
    ask_as: Callable[[str], Ask], stack: str, document: ConsoleDocument, fetch: Fetch, now: Callable[[], int]
) -> Starlette:
    """Return the console of a stack. ``ask_as`` returns what asks in the name of a caller; ``now`` is in unix seconds.

    Pages find in ``request.app.state`` what ``compose`` says, and also the ``sealer`` of what forms carry.
    """
    settings = ConsoleSettings(
        stack=stack,
        delivery=document.delivery,
        token="",
        hosts=frozenset({document.domain}),
        cookie_name=SESSION,
        caller="",
        patience=_PATIENCE,
        log="The log of its function",
        signs_out=True,
    )

    def within_role(session: Session) -> Ask:
        ask = ask_as(session.caller)

        def checked(request: Request) -> bytes:
            check_session(session, request, now())
            return ask(request)

        return checked

    provider = Provider(document, fetch, now)
    authentication = with_provider(document, provider, now, within_role)
    app = compose(settings, authentication, [page.routes for page in PAGES], absent=ABSENT)
    app.state.sealer = Sealer(document.key, now)
    return app
