"""Function URLs of other programs that triggers of the same cloud point to, and whether they live."""

from collections.abc import Iterable, Mapping, Sequence

from autotag.domain.sentences.operations.result import Unknown
from autotag_cli.errors import Failure
from autotag_cli.setup.destinations import Destination, is_function_url
from autotag_cli.setup.trigger_plan import points_to
from autotag_cli.setup.triggers import Trigger
from autotag_cli.stack.environment import Environment

_MOST = 5
"""The most addresses that are asked: each may take some seconds."""


def other_function_urls(
    triggers: Sequence[Trigger] | Unknown, destinations: Sequence[Destination] | Unknown, stored: Iterable[str]
) -> list[str]:
    """Return the Function URLs of triggers that are neither present nor earlier addresses of this stack."""
    if isinstance(triggers, Unknown):
        return []
    now = () if isinstance(destinations, Unknown) else tuple(destination.uri for destination in destinations)
    own = (*now, *stored)
    return sorted({t.uri for t in triggers if is_function_url(t.uri) and not points_to(t, own)})


def ask_addresses(environment: Environment, urls: Iterable[str]) -> Mapping[str, int | None]:
    """Return the HTTP status that each address answers a GET with, None where nothing answers.

    A webhook of autotag answers 405 without counting anything.
    """
    return {url: _status(environment, url) for url in list(urls)[:_MOST]}


def _status(environment: Environment, url: str) -> int | None:
    try:
        return environment.status(url)
    except Failure:
        return None
