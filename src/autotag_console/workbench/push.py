"""The push: what differs from the active rules, what that changes, and the push in place of what was seen."""

from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from autotag.domain.errors import Conflict
from autotag.domain.rules_text.categories import moved_labels
from autotag.domain.rules_text.check import CheckedRules
from autotag.service.rules.publish import Pushed, PushRules, ShowRules
from autotag_console.ask import asked
from autotag_console.kept import Kept
from autotag_console.rendering import render
from autotag_console.views.text_diff import differences
from autotag_console.workbench.edit import shown
from autotag_console.workbench.form import Draft, active_now, checked, read_draft
from autotag_console.workbench.library_pages import Effect


async def confirm(request: Request) -> Response:
    """Show what a push would change; a text with faults goes back to the editor."""
    return await _confirmed(request, read_draft(request))


async def push(request: Request) -> Response:
    """Push the text in place of the rules that were shown; if others were pushed since, show these instead.

    A form that is sent twice pushes once: the second finds its own rules active.
    """
    draft = read_draft(request)
    found = await checked(request, draft.text, version=draft.version)
    if found.errors or found.unknown:
        return await shown(request, draft, refused=_of_unknown(found), status=400)
    try:
        pushed = await asked(request, PushRules(draft.text, draft.seq, found.sets), Pushed)
    except Conflict:
        active = await active_now(request)
        if active.version != found.version:
            return await _confirmed(request, draft)
        pushed = Pushed(active.version, active.seq, changed=False)
    kept: Kept = request.app.state.kept
    for question in (ShowRules(), ShowRules(text=True)):
        kept.forget(question)
    return RedirectResponse(f"/rules?pushed={pushed.seq}", 303)


def _of_unknown(found: CheckedRules) -> str:
    if not found.unknown:
        return ""
    return (
        f"{found.unknown[0].sentence}. The labels of a new category come from a list: import it on your machine, and "
        "push there, with autotag rules push FILE"
    )


async def _confirmed(request: Request, draft: Draft) -> Response:
    found = await checked(request, draft.text, version=draft.version)
    if found.errors or found.unknown:
        return await shown(request, draft, refused=_of_unknown(found), status=400)
    active = await active_now(request)
    kept: Kept = request.app.state.kept
    kept.forget(ShowRules(text=True))  # the effect is that against the rules which are shown
    effect: Effect | None = getattr(request.app.state, "effect", None)
    same = active.version == found.version
    page: dict[str, Any] = {
        "draft": Draft(draft.text, active.seq, draft.version),
        "found": found,
        "active": active,
        "conflict": active.seq != draft.seq,
        "same": same,
        "moved": moved_labels(active.sets, found.sets),
        "groups": await to_thread.run_sync(differences, active.text or "", draft.text),
        "effect": await effect(request, draft) if effect is not None and not same else None,
    }
    return render(request, "rules_confirm.html", page, 409 if page["conflict"] else 200)


routes = [
    Route("/rules/edit/confirm", confirm, methods=["POST"]),
    Route("/rules/push", push, methods=["POST"]),
]
