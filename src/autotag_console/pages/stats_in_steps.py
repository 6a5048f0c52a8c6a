"""Statistics where nothing goes on after an answer: each request counts a part, and the form carries the numbers.

The page is that of ``stats``, without what people said of the drawn label. Without scripts, a button goes on.
"""

import time
from datetime import UTC, datetime
from typing import Annotated, Any

from anyio import to_thread
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from autotag.domain.errors import Conflict, Retryable
from autotag_console.ask import ask_of
from autotag_console.fields import read_fields
from autotag_console.learning.counting import PartialCount, begin_count, count_on, names_in, shortened_count
from autotag_console.pages.rules import active_ruleset
from autotag_console.pages.stats import PATH, show_statistics
from autotag_console.refusals import sentence_of
from autotag_console.sign_in.sealed import LONGEST, Sealer
from autotag_console.views.statistics import overview

_PURPOSE = "count"
_STEP_SECONDS = 6.0


class _Step(Struct, frozen=True):
    """The forms of the page; ``counted`` is what is counted by now, sealed, ``label`` whose confidences are drawn."""

    counted: Annotated[str, Meta(max_length=LONGEST)] = ""
    label: Annotated[str, Meta(max_length=255)] = ""


async def show(request: Request) -> Response:
    """Show what needs no count."""
    return await show_statistics(request, {})


async def count(request: Request) -> Response:
    """Count on, from the beginning if the form has nothing, and show the page; what is complete is only shown."""
    form = read_fields({name: str(value).strip() for name, value in request.state.form.items()}, _Step, "form")
    sealer: Sealer = request.app.state.sealer
    caller = request.state.session.caller
    known = sealer.open(_PURPOSE, caller, form.counted, PartialCount) if form.counted else None
    if known is not None and known.is_complete:
        return await _shown(request, known, form.label)
    ruleset = (await active_ruleset(request)).ruleset
    partial = known or begin_count(ruleset, sealer.now() * 1000)
    if partial.version != ruleset.version:
        raise Conflict("the rules have changed since the count began: count the library again")
    end = time.monotonic() + min(_STEP_SECONDS, request.app.state.settings.patience)
    try:
        partial = await to_thread.run_sync(count_on, ask_of(request), partial, ruleset, lambda: time.monotonic() < end)
    except Retryable as error:  # what there was is not lost
        return await _shown(request, partial, form.label, str(error))
    return await _shown(request, partial, form.label)


async def _shown(request: Request, partial: PartialCount, label: str, fault: str = "") -> Response:
    partial, sealed = _sealed(request, partial)
    shown: dict[str, Any] = {
        "so_far": None if partial.is_complete else partial,
        "sealed": sealed,
        "cut": partial.cut,
        "fault": sentence_of(fault) if fault else "",
    }
    if partial.is_complete:
        shown |= {
            "at": datetime.fromtimestamp(partial.counts.now / 1000, UTC).isoformat(),
            "rules": partial,
            "of": overview(partial.counts, partial.spread, {}, label),
        }
    return await show_statistics(request, shown, 503 if fault else 200)


def _sealed(request: Request, partial: PartialCount) -> tuple[PartialCount, str]:
    sealer: Sealer = request.app.state.sealer
    most, caller = names_in(partial), request.state.session.caller
    whole = shortened_count(partial, most)
    return sealer.seal(_PURPOSE, caller, whole, lambda kept: shortened_count(partial, kept), most)


routes = [Route(PATH, show), Route(PATH, count, methods=["POST"])]
