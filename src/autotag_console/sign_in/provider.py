"""The identity provider: its addresses, its keys, and the exchange of a code for a checked login.

Sources: OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; Discovery 1.0; RFC 6749, section 2.3.1; RFC 7636.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any
from urllib.parse import quote_plus, urlencode

import msgspec
from msgspec import Struct

from autotag.domain.errors import Retryable
from autotag.domain.model.strict_json import decode
from autotag.ports.console import Fetch
from autotag_console.sign_in.document import ConsoleDocument, is_safe_address
from autotag_console.sign_in.people import NotAuthentic, Person, check_claims, person_of

_LIFE = 3600
"""Seconds for which addresses and keys are used without another read, so that a key that is withdrawn ends."""
_RELOAD_PAUSE = 60
"""Seconds, at least, between two reads of the keys because a token names an unknown one."""


class _Addresses(Struct, frozen=True):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Keys(Struct, frozen=True):
    keys: tuple[dict[str, Any], ...]


class _Tokens(Struct, frozen=True):
    id_token: str
    access_token: str = ""


class Login(Struct, frozen=True):
    """What belongs to one login: the word that names it, and two that only this console can tell from it."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """The provider of one document. ``now`` returns unix seconds. Threads may share it. All methods may raise
    ``Retryable`` if the provider cannot be reached.
    """

    def __init__(self, document: ConsoleDocument, fetch: Fetch, now: Callable[[], int]) -> None:
        self._document, self._fetch, self._now = document, fetch, now
        self._lock = Lock()
        self._known: _Addresses | None = None
        self._keys: tuple[dict[str, Any], ...] = ()
        self._known_at = self._failed_at = self._keys_at = -(10**9)

    def login_url(self, login: Login, callback: str, *, again: bool) -> str:
        """Return where a browser signs in; ``again``: the provider asks even those who are signed in already."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(login.verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code",
            "client_id": self._document.client_id,
            "redirect_uri": callback,
            "scope": self._document.scope,
            "state": login.state,
            "nonce": login.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **({"prompt": "login", "max_age": "0"} if again else {}),
        }
        address = self._addresses().authorization_endpoint
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def person(self, code: str, login: Login, callback: str) -> Person:
        """Return who signed in, in exchange for a code. Raises ``NotAuthentic``."""
        tokens = self._exchange(code, login, callback)
        claims = self._claims(tokens.id_token)
        check_claims(claims, self._document.issuer, self._document.client_id, login.nonce, self._now())
        if not {"email", self._document.groups_claim} <= claims.keys():
            user_info = self._user_info(tokens.access_token, claims["sub"])
            verified = (claims if "email" in claims else user_info).get("email_verified")  # of that email, and no other
            claims = {**user_info, **claims, "email_verified": verified}
        return person_of(claims, self._document.issuer, self._document.groups_claim)

    def _exchange(self, code: str, login: Login, callback: str) -> _Tokens:
        document, addresses = self._document, self._addresses()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "client_id": document.client_id,
            "code_verifier": login.verifier,
        }
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        if document.client_secret and "client_secret_basic" in addresses.token_endpoint_auth_methods_supported:
            pair = f"{quote_plus(document.client_id)}:{quote_plus(document.client_secret)}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        elif document.client_secret:
            form["client_secret"] = document.client_secret
        answer = self._fetch("POST", addresses.token_endpoint, headers, urlencode(form).encode())
        if answer.status >= 500 or answer.status == 429:
            raise Retryable(f"the provider answers {answer.status}")
        if answer.status != 200:
            raise NotAuthentic("the provider does not accept this login")
        return _read(answer.body, _Tokens)

    def _claims(self, token: str) -> Mapping[str, Any]:
        from autotag_console.sign_in.id_token import key_id, read_claims

        named = key_id(token)
        keys = [key for key in self._all_keys(named) if key.get("use", "sig") == "sig"]
        return read_claims(token, [key for key in keys if not named or key.get("kid") == named])

    def _all_keys(self, named: str) -> tuple[dict[str, Any], ...]:
        """Return the provider's keys, read anew each hour, and if none has that id, then at most once a minute."""
        address = self._addresses().jwks_uri
        with self._lock:
            known = any(key.get("kid") == named for key in self._keys) if named else bool(self._keys)
            age = abs(self._now() - self._keys_at)
            if age >= _LIFE or (not known and age >= _RELOAD_PAUSE):
                self._keys_at = self._now()
                self._keys = _read(self._get(address), _Keys).keys
            if not self._keys:
                raise Retryable("the provider's keys could not be read")
            return self._keys

    def _user_info(self, access_token: str, subject: str) -> dict[str, Any]:
        """Return claims that the ID token lacks, where the provider gives them only here."""
        address = self._addresses().userinfo_endpoint
        if not address or not access_token:
            return {}
        headers = {"authorization": f"Bearer {access_token}", "accept": "application/json"}
        answer = self._fetch("GET", address, headers)
        found = _read(answer.body, dict[str, Any]) if answer.status == 200 else {}
        return found if found.get("sub") == subject else {}

    def _addresses(self) -> _Addresses:
        with self._lock:
            if self._known is not None and abs(self._now() - self._known_at) < _LIFE:
                return self._known
            if abs(self._now() - self._failed_at) < 5:  # a flood of logins must not become one of the provider
                raise Retryable("the provider cannot be reached")
            try:
                found = _read(self._get(self._document.discovery_url), _Addresses)
                if found.issuer != self._document.issuer:
                    raise Retryable("the provider names another issuer than the console's secret")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
                    if getattr(found, name) and not is_safe_address(getattr(found, name)):
                        raise Retryable(f"the provider's {name} is no https address")
            except Retryable:
                self._failed_at = self._now()
                raise
            self._known, self._known_at = found, self._now()
            return found

    def _get(self, address: str) -> bytes:
        answer = self._fetch("GET", address, {"accept": "application/json"})
        if answer.status != 200:
            raise Retryable(f"the provider answers {answer.status}")
        return answer.body


def _read[T](body: bytes, form: type[T]) -> T:
    try:
        return decode(body, form)
    except msgspec.DecodeError:
        raise Retryable("the provider's answer has another form than OpenID Connect's") from None
