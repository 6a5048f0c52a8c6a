"""Cloudinary's Upload and Admin API over HTTP, with Basic authentication.

A call that may succeed later is repeated with back-off, within bounds. Sources: cloudinary.com/documentation
(upload and admin API), the official SDKs.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import BaseAdapter, HTTPAdapter

from autotag.domain.errors import Invalid
from cli.cloudinary.account import Account
from cli.cloudinary.answers import Unreachable, read
from cli.cloudinary.body import Body, Fields, FilePart
from cli.cloudinary.retrying import PatientRetry
from cli.http import cause
from cli.stack import is_loopback

_CONNECT = 5.0
_ADMIN_ANSWER = 60.0
_UPLOAD_ANSWER = 120.0
"""Seconds to wait for an answer: a categorization is part of the call."""


class CloudinaryClient:
    """Calls one account's API, from up to ``connections`` threads at once.

    Every method raises ``Invalid`` for a 400, ``Missing`` for a 404, ``Refused`` for another refusal, and
    ``Unreachable`` where no answer comes; the message is a sentence with Cloudinary's own words, never with a secret.
    """

    def __init__(
        self,
        account: Account,
        *,
        connections: int = 1,
        on_answer: Callable[[requests.Response], None] | None = None,
        adapter: BaseAdapter | None = None,
    ) -> None:
        """``on_answer`` is shown every answer, with its headers; ``adapter`` stands for the network, in tests."""
        self.account = account
        self._base = f"{account.api_base}/v1_1/{quote(account.cloud_name)}"
        self._on_answer = on_answer
        self._session = requests.Session()
        self._session.trust_env = not is_loopback(account.api_base)  # a proxy cannot reach this machine's own services
        self._session.auth = (account.api_key, account.api_secret)
        retrying = HTTPAdapter(pool_maxsize=max(1, connections), max_retries=PatientRetry.usual())
        self._session.mount(account.api_base, adapter or retrying)

    def admin(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Call the Admin API; ``path`` is what follows the cloud name, its segments escaped (see ``segment``)."""
        return self._call(method, path, _ADMIN_ANSWER, params=params, json=json)

    def upload_api(
        self,
        resource_type: str,
        action: str,
        fields: Fields,
        file: FilePart | None = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Call the Upload API: upload, explicit, tags, destroy, …; ``file`` is sent from disk."""
        body = Body({**fields, "timestamp": str(int(time.time()))}, file)
        sent = {**(headers or {}), "Content-Type": body.content_type}
        return self._call("POST", f"{segment(resource_type)}/{action}", _UPLOAD_ANSWER, data=body, headers=sent)

    def _call(self, method: str, path: str, wait: float, **options: Any) -> dict[str, Any]:
        host = self.account.api_base.partition("://")[2]
        try:
            answer = self._session.request(
                method, f"{self._base}/{path}", timeout=(_CONNECT, wait), allow_redirects=False, **options
            )
        except requests.Timeout as error:
            raise Unreachable(f"{host} did not answer in time") from error
        except requests.RequestException as error:
            hint = ", is the local stack still up?" if is_loopback(self.account.api_base) else ""
            raise Unreachable(f"{host} cannot be reached ({cause(error)}){hint}") from error
        if self._on_answer is not None:
            self._on_answer(answer)
        return read(answer)


def segment(text: str) -> str:
    """Return ``text`` for a path, escaped as Cloudinary's SDKs do; raises ``Invalid`` where it would lead elsewhere."""
    if any(part in ("", ".", "..") for part in text.split("/")):
        raise Invalid(repr(text), "expected a name without empty, . or .. parts between its slashes")
    return quote(text, safe="/:")
