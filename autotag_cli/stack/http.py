"""One request over HTTP, never redirected and never retried."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from autotag_cli.errors import Failure
from autotag_cli.stack.loopback import is_loopback
from autotag_cli.stack.target import Reply

_TIMEOUT = (5.0, 30.0)
"""Seconds to connect, and to wait for the answer: as long as the ops function may run."""

_QUICK = (5.0, 15.0)
"""The same for a question that a function answers at once, after a cold start at most."""


def post(url: str, headers: Mapping[str, str], body: bytes, *, adapter: BaseAdapter | None = None) -> Reply:
    """Post ``body`` with exactly these ``headers``, which may be signed; raises ``Failure`` if no answer comes.

    ``adapter`` carries the request instead of the network, in tests.
    """
    answer = _send(requests.Request("POST", url, headers=dict(headers), data=body), _TIMEOUT, adapter)
    return Reply(answer.status_code, answer.content)


def status_of(url: str, *, adapter: BaseAdapter | None = None) -> int:
    """Return the HTTP status that ``url`` answers a GET with; raises ``Failure`` if no answer comes."""
    return _send(requests.Request("GET", url), _QUICK, adapter).status_code


def _send(request: requests.Request, timeout: tuple[float, float], adapter: BaseAdapter | None) -> requests.Response:
    url = str(request.url)
    host = urlsplit(url).netloc
    local = is_loopback(url)
    with requests.Session() as session:
        session.trust_env = not local  # a proxy cannot reach this machine's own services
        if adapter is not None:
            session.mount(url, adapter)
        try:
            prepared = request.prepare()
            settings = session.merge_environment_settings(url, {}, None, os.environ.get("AWS_CA_BUNDLE"), None)
            return session.send(prepared, timeout=timeout, allow_redirects=False, **settings)
        except requests.Timeout as error:
            raise Failure(f"{host} did not answer in time") from error
        except requests.RequestException as error:
            hint = ", is the local stack still up?" if local else ""
            raise Failure(f"{host} cannot be reached ({innermost_cause(error)}){hint}") from error


def innermost_cause(error: BaseException) -> str:
    """Return the innermost cause in its own words, without what libraries wrapped around it."""
    inner: BaseException = error
    while (deeper := inner.__cause__ or inner.__context__) is not None:
        inner = deeper
    return getattr(inner, "strerror", None) or type(error).__name__
