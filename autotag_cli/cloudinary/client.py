"""Cloudinary's Upload and Admin API over HTTP, with Basic authentication.

A call that may succeed later is repeated with back-off, within bounds. Sources: cloudinary.com/documentation
(upload and admin API), the official SDKs.
"""

import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import BaseAdapter

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.responses import RATE_LIMITED, Unreachable, read
from autotag_cli.cloudinary.transport.multipart import Body, Fields, FilePart
from autotag_cli.cloudinary.transport.retry import OnceRetry, PatientRetry
from autotag_cli.cloudinary.transport.slow_connections import SlowConnectionAdapter
from autotag_cli.stack.http import innermost_cause
from autotag_cli.stack.loopback import is_loopback

_ADMIN_CONNECT, _UPLOAD_CONNECT = 5.0, 20.0
"""Seconds to wait for a connection; it takes longer on a line that is busy with files."""
_ADMIN_WAITS = _ADMIN_CONNECT, 60.0
_UPLOAD_ANSWER = 300.0
"""Seconds to wait for a response: a categorization is part of the call, and the end of the file may still be in the
system's buffer (up to 4 MiB on Linux).
"""


class CloudinaryClient:
    """A client of one account's API, for up to ``connections`` threads at once.

    Every method raises ``Invalid`` for a 400, ``Missing`` for a 404, ``Refused`` for another refusal, and
    ``Unreachable`` if no response comes. The message is a sentence with Cloudinary's own words, never with a secret.
    """

    def __init__(
        self,
        account: Account,
        *,
        connections: int = 1,
        on_answer: Callable[[requests.Response], None] | None = None,
        adapter: BaseAdapter | None = None,
        connect: float = _UPLOAD_CONNECT,
    ) -> None:
        """Create a client. ``on_answer`` gets every response with headers; ``adapter`` replaces the network in tests.

        ``connect``: seconds to wait for a connection to the Upload API; sending may take longer (``SlowLines``).
        """
        self.account = account
        cloud = quote(account.cloud_name)
        self._base = f"{account.api_base}/v1_1/{cloud}"
        self._notifications = f"{account.api_base}/v2/notifications/{cloud}"
        self._on_answer = on_answer
        self._upload_waits = connect, _UPLOAD_ANSWER
        self._session, self._once = (
            self._opened(adapter or SlowConnectionAdapter(pool_maxsize=max(1, connections), max_retries=retry))
            for retry in (PatientRetry.usual(), OnceRetry.usual())
        )

    def _opened(self, adapter: BaseAdapter) -> requests.Session:
        session = requests.Session()
        session.trust_env = not is_loopback(self.account.api_base)  # a proxy cannot reach this machine's own services
        session.auth = (self.account.api_key, self.account.api_secret)
        session.mount(self.account.api_base, adapter)
        return session

    def admin(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
        once: bool = False,
    ) -> dict[str, Any]:
        """Call the Admin API. ``path``: what follows the cloud name, its segments escaped (see ``segment``).

        ``once``: a call that may have taken effect is not repeated, but raises an error for which ``is_lost`` is true.
        """
        return read(self._answer(method, path, _ADMIN_WAITS, once=once, params=params, json=json))

    def receive_notifications(self, channel: str, most: int, *, hidden: int) -> dict[str, Any]:
        """Return up to ``most`` messages (100) that wait in a poll channel, which stay there, ``hidden`` for seconds.

        Source: pycloudinary 1.46, ``api.notifications``.
        """
        params = {"channel": channel, "max_messages": most, "wait_seconds": 0, "visibility_timeout": hidden}
        return read(self._answer("GET", f"{self._notifications}/messages", _ADMIN_WAITS, params=params))

    def acknowledge_notifications(self, receipt_handles: list[str]) -> None:
        """Remove up to a hundred received messages for good. Source: pycloudinary 1.46, ``api.ack_notifications``."""
        some = {"receipt_handles": receipt_handles}
        read(self._answer("POST", f"{self._notifications}/messages/ack", _ADMIN_WAITS, json=some))

    def time(self) -> int:
        """Return Cloudinary's time in unix seconds, from the Date header of an Admin API response."""
        answer = self._answer("GET", "ping", _ADMIN_WAITS)
        if answer.status_code not in (200, *RATE_LIMITED):
            read(answer)
        try:
            return int(parsedate_to_datetime(answer.headers["Date"]).timestamp())
        except (KeyError, ValueError):
            return int(time.time())

    def upload_api(
        self,
        resource_type: str,
        action: str,
        fields: Fields,
        file: FilePart | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        once: bool = False,
    ) -> dict[str, Any]:
        """Call the Upload API: upload, explicit, tags, …; ``file`` is sent from disk; ``once`` as in ``admin``."""
        body = Body({**fields, "timestamp": str(int(time.time()))}, file)
        sent = {**(headers or {}), "Content-Type": body.content_type}
        path = f"{segment(resource_type)}/{action}"
        return read(self._answer("POST", path, self._upload_waits, once=once, data=body, headers=sent))

    def _answer(
        self, method: str, path: str, waits: tuple[float, float], *, once: bool = False, **options: Any
    ) -> requests.Response:
        host = self.account.api_base.partition("://")[2]
        session = self._once if once else self._session
        try:
            url = path if path.startswith(self._notifications) else f"{self._base}/{path}"
            answer = session.request(method, url, timeout=waits, allow_redirects=False, **options)
        except requests.Timeout as error:
            raise Unreachable(f"{host} did not answer in time") from error
        except requests.RequestException as error:
            hint = ", is the local stack still up?" if is_loopback(self.account.api_base) else ""
            raise Unreachable(f"{host} cannot be reached ({innermost_cause(error)}){hint}") from error
        if self._on_answer is not None:
            self._on_answer(answer)
        return answer


def segment(text: str) -> str:
    """Return ``text`` escaped for a path, as Cloudinary's SDKs do. Raises ``Invalid`` if it would lead elsewhere."""
    if any(part in ("", ".", "..") for part in text.split("/")):
        raise Invalid(repr(text), "expected a name without empty, . or .. parts between its slashes")
    try:
        return quote(text, safe="/:")
    except UnicodeEncodeError as error:
        raise Invalid(ascii(text), "expected UTF-8") from error
