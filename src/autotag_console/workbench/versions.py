"""The versions of the rules: who pushed which when, and how each differs from the active rules."""

from typing import Annotated

from anyio import to_thread
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autotag.service.rules.versions import ListPushes, ShowVersion
from autotag_console.ask import asked
from autotag_console.fields import read_fields
from autotag_console.rendering import render
from autotag_console.views.text_diff import differences
from autotag_console.workbench.form import active_now

_PAGE = 50


class Push(Struct, frozen=True):
    """One push. ``name`` is None where it was not recorded; ``pushed_at`` is ISO 8601."""

    seq: int
    version: str
    name: str | None
    pushed_by: str | None
    pushed_at: str | None


class Pushes(Struct, frozen=True):
    """The ops function's answer: a page of pushes, the newest first."""

    pushes: tuple[Push, ...]


class Version(Struct, frozen=True):
    """The ops function's answer about one version. ``fault`` is why it cannot be used any more, None if it can."""

    version: str
    name: str | None
    fault: str | None
    text: str


class _Asked(Struct, frozen=True):
    before: Annotated[int, Meta(ge=0)] = 0


async def stored_version(request: Request, version: str) -> Version:
    """Return an earlier version of the rules. Raises ``Invalid``, and what ``asked`` raises."""
    return await asked(request, read_fields({"version": version}, ShowVersion), Version)


async def versions(request: Request) -> Response:
    """Show a page of pushes."""
    before = read_fields(dict(request.query_params), _Asked, strict=False).before
    pushes = (await asked(request, ListPushes(_PAGE, before), Pushes)).pushes
    more = pushes[-1].seq if len(pushes) == _PAGE and pushes[-1].seq > 1 else None
    return render(request, "rules_versions.html", {"pushes": pushes, "before": before, "more": more})


async def version(request: Request) -> Response:
    """Show how one version differs from the active rules."""
    found = await stored_version(request, request.path_params["version"])
    active = await active_now(request)
    groups = await to_thread.run_sync(differences, active.text or "", found.text)
    return render(request, "rules_version.html", {"found": found, "active": active, "groups": groups})


routes = [Route("/rules/versions", versions), Route("/rules/versions/{version}", version)]
