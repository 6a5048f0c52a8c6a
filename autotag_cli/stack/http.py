"""One POST over HTTP, never redirected and never retried."""

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


def post(url: str, headers: Mapping[str, str], body: bytes, *, adapter: BaseAdapter | None = None) -> Reply:
    """Post ``body`` with exactly these ``headers``, which may be signed; raises ``Failure`` if no answer comes.

    ``adapter`` carries the request instead of the network, in tests.
    """
    host = urlsplit(url).netloc
    local = is_loopback(url)
    with requests.Session() as session:
        session.trust_env = not local  # a proxy cannot reach this machine's own services
        if adapter is not None:
            session.mount(url, adapter)
        try:
            prepared = requests.Request("POST", url, headers=dict(headers), data=body).prepare()
            settings = session.merge_environment_settings(url, {}, None, os.environ.get("AWS_CA_BUNDLE"), None)
            answer = session.send(prepared, timeout=_TIMEOUT, allow_redirects=False, **settings)
        except requests.Timeout as error:
            raise Failure(f"{host} did not answer in time") from error
        except requests.RequestException as error:
            hint = ", is the local stack still up?" if local else ""
            raise Failure(f"{host} cannot be reached ({innermost_cause(error)}){hint}") from error
    return Reply(answer.status_code, answer.content)


def innermost_cause(error: BaseException) -> str:
    """Return the innermost cause in its own words, without what libraries wrapped around it."""
    inner: BaseException = error
    while (deeper := inner.__cause__ or inner.__context__) is not None:
        inner = deeper
    return getattr(inner, "strerror", None) or type(error).__name__
