"""A real OpenID Connect server on loopback, which also checks PKCE, as the one that it wraps does not."""

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode

import requests
from oidc_provider_mock import User, app
from werkzeug.serving import make_server

from tests.fakes.console.browser import query_of
from tests.fakes.console.identity_provider import challenge_of


class WithPkce:
    """A WSGI application that gives a token only to the code's verifier (RFC 7636, section 4.6)."""

    def __init__(self, wrapped: Any) -> None:
        self._wrapped = wrapped
        self._challenges: dict[str, str] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            if challenge_of(form.get("code_verifier", "")) != self._challenges.get(form["code"]):
                start_response("400 Bad Request", [("content-type", "application/json")])
                return [json.dumps({"error": "invalid_grant"}).encode()]
            environ["wsgi.input"] = io.BytesIO(body)
        given = parse_qs(environ["QUERY_STRING"])

        def remember(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            code = query_of(dict(headers).get("Location", "")).get("code")
            if code:
                assert given["code_challenge_method"] == ["S256"]
                self._challenges[code] = given["code_challenge"][0]
            return start_response(status, headers, *more)

        return self._wrapped(environ, remember)


class LoopbackProvider(NamedTuple):
    """The server's address, which is also its issuer."""

    issuer: str

    def sign_in(self, login_url: str, subject: str) -> str:
        """Sign a person in at ``login_url``; return the path that the browser is led back to."""
        answer = requests.post(login_url, data={"sub": subject}, allow_redirects=False, timeout=20)
        assert answer.status_code == 302, answer.text
        return f"/callback?{urlencode(query_of(answer.headers['location']))}"


@contextmanager
def provider_on_loopback(*people: User) -> Iterator[LoopbackProvider]:
    """Run a provider that knows ``people`` while the block runs."""
    server = make_server("127.0.0.1", 0, WithPkce(app(require_nonce=True, user_claims=people)), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield LoopbackProvider(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
