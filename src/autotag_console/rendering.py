"""The templates, and what every page gets."""

import hashlib
import shlex
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from autotag.domain.sentences.numbers import moment_text
from autotag_console.guard.response_headers import STATIC
from autotag_console.settings import ConsoleSettings
from autotag_console.visible import visible

TEMPLATES = Path(__file__).parent / "templates"
STATIC_FILES = Path(__file__).parent / "static"


@cache
def static_version() -> str:
    """Return a word that changes with the bytes of any static file."""
    digest = hashlib.sha256()
    for path in sorted(STATIC_FILES.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def static_url(name: str) -> str:
    """Return the path of a static file, which never serves other bytes."""
    return f"{STATIC}{static_version()}/{name}"


@cache
def _environment() -> Environment:
    """Return what compiles the templates, once for the process: each takes as long as a page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"visible": visible, "moment": moment_text, "quoted": shlex.quote}
    environment.globals["static"] = static_url
    return environment


def make_templates(settings: ConsoleSettings) -> Jinja2Templates:
    """Return the templates; every text that is put into them is escaped."""

    def shared(request: Request) -> dict[str, Any]:
        session = request.state.session
        return {
            "csrf": session.csrf if session else "",
            "path": request.url.path,
            "stack": settings.stack,
            "library": settings.library,
            "caller": (session.caller if session else "") or settings.caller,
            "signs_out": settings.signs_out,
            "absent": request.app.state.absent,
            "signed_in": session is not None,
            "spelled": request.app.state.spellings.of,
        }

    return Jinja2Templates(env=_environment(), context_processors=[shared])


def render(request: Request, template: str, shown: dict[str, Any], status: int = 200) -> Response:
    """Return the page that a template makes of what it shows."""
    templates: Jinja2Templates = request.app.state.templates
    return templates.TemplateResponse(request, template, shown, status_code=status)
