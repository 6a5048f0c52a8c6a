"""The headers that every answer of the console carries."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = "/static/"


class SecureHeaders:
    """Middleware that sets them. Pictures come from the host of ``delivery_base``, and from nowhere else."""

    def __init__(self, app: ASGIApp, delivery_base: str) -> None:
        self._app, self._headers = app, secure_headers(delivery_base)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and complete the headers of its answer."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                if scope["path"].startswith(STATIC) and message["status"] in (200, 304):
                    headers["cache-control"] = "public, max-age=31536000, immutable"
            await send(message)

        await self._app(scope, receive, complete)


def secure_headers(delivery_base: str) -> dict[str, str]:
    """Return the headers of an answer that no cache may keep."""
    return {
        "content-security-policy": content_security_policy(delivery_base),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }


def content_security_policy(delivery_base: str) -> str:
    """Return the policy: own scripts and styles alone, none of them inline, and pictures of one delivery host."""
    parts = urlsplit(delivery_base)
    pictures = f" {parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self'{pictures}; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
