"""HTTP to this machine's own services, without any proxy that the environment names."""

from typing import Any

import requests

_TIMEOUT = 20.0


def http_request(method: str, url: str, **options: Any) -> requests.Response:
    """Make one request with the ``options`` of ``requests.request``, and return the answer, whatever its status.

    Raises ``requests.RequestException`` if there is no answer within 20 s.
    """
    with requests.Session() as http:
        http.trust_env = False
        return http.request(method, url, timeout=_TIMEOUT, **options)


def json_request(method: str, url: str, **options: Any) -> dict[str, Any]:
    """Make one request and return the JSON object of its answer. Raises ``requests.HTTPError`` for an error status."""
    response = http_request(method, url, **options)
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer
