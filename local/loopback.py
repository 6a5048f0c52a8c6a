"""HTTP to this machine's own services, past any proxy that the environment names."""

from typing import Any

import requests

_TIMEOUT = 20.0


def ask(method: str, url: str, **options: Any) -> requests.Response:
    """Make one request with the ``options`` of ``requests.request``; any status is an answer.

    Raises ``requests.RequestException`` if there is none within 20 s.
    """
    with requests.Session() as http:
        http.trust_env = False
        return http.request(method, url, timeout=_TIMEOUT, **options)
