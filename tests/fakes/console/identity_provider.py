"""An OpenID Connect provider in memory, whose tokens can be wrong in each way that matters."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwk, jws

from autotag.domain.errors import Retryable
from autotag.ports.console import HttpAnswer
from tests.fakes.console.browser import query_of

ISSUER = "https://login.example.com/pool"
CLIENT_ID, CLIENT_SECRET = "console-client", "the client's secret"


class FakeProvider:
    """Implements the ``Fetch`` port, and signs people in.

    ``claims`` are put into every ID token over those that belong there, ``user_info`` is what the userinfo endpoint
    knows; ``fetched`` are the requests. ``key`` signs with ``algorithm``, ``published`` are the keys that are shown.
    """

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.down = False
        self.claims: dict[str, Any] = {}
        self.user_info: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.fetched: list[tuple[str, str]] = []
        self.exchanged: list[tuple[Mapping[str, str], dict[str, str]]] = []
        self.algorithm = "RS256"
        self.key: Any = rsa_key("first")
        self.published = [self.key]
        self._codes: dict[str, dict[str, str]] = {}

    def sign_in(self, login_url: str) -> str:
        """Sign a person in at the address that the console led to; return the path that the browser is led back to."""
        asked = query_of(login_url)
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return f"/callback?code={code}&state={asked['state']}"

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> HttpAnswer:
        self.fetched.append((method, url))
        if self.down:
            raise Retryable("login.example.com: ConnectTimeoutError")
        if url.endswith("/openid-configuration"):
            return json_answer(200, self._described())
        if url == f"{ISSUER}/jwks":
            return json_answer(200, {"keys": [key.as_dict(private=False) for key in self.published]})
        if url == f"{ISSUER}/userinfo":
            return json_answer(200, self.user_info)
        assert (method, url) == ("POST", f"{ISSUER}/token")
        form = {name: values[0] for name, values in parse_qs((body or b"").decode()).items()}
        self.exchanged.append((headers, form))
        return self._exchanged(form)

    def _described(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        addresses = {name: f"{ISSUER}/{place}" for name, place in places.items()}
        return {"issuer": ISSUER, "userinfo_endpoint": f"{ISSUER}/userinfo", **addresses, **self.discovery}

    def _exchanged(self, form: Mapping[str, str]) -> HttpAnswer:
        asked = self._codes.pop(form["code"], None)
        if asked is None or challenge_of(form.get("code_verifier", "")) != asked["code_challenge"]:
            return json_answer(400, {"error": "invalid_grant"})
        now = self._now()
        claims = {
            "iss": ISSUER, "aud": CLIENT_ID, "sub": "ada-1", "exp": now + 300, "iat": now, "nonce": asked["nonce"],
            "email": "ada@example.com", "email_verified": True, "groups": ["taggers"],
        } | self.claims  # fmt: skip
        return json_answer(
            200, {"id_token": self.signed(claims), "access_token": "the-access-token", "token_type": "Bearer"}
        )

    def signed(self, claims: Mapping[str, Any]) -> str:
        """Return a token with ``claims``; those that are None are left out."""
        content = json.dumps({name: value for name, value in claims.items() if value is not None})
        header = {"alg": self.algorithm, **({"kid": self.key.kid} if self.key.kid else {})}
        return jws.serialize_compact(header, content, self.key, algorithms=[self.algorithm])


@cache
def rsa_key(kid: str) -> Any:
    """Return the RSA key of that id; making one takes a while."""
    return jwk.generate_key("RSA", 2048, {"kid": kid, "use": "sig"})


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def json_answer(status: int, value: object) -> HttpAnswer:
    return HttpAnswer(status, json.dumps(value).encode())
