"""Who a person is to the console, by the claims of two sources; and the provider's keys as they come and go."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from joserfc import jwk

from autotag.ports.console import HttpAnswer
from autotag_cli.setup.console.document import composed_text
from autotag_cli.setup.console.options import ConsoleOptions
from autotag_console.pictures import Delivery
from tests.fakes.console.identity_provider import json_answer, rsa_key
from tests.unit.handlers.console.console_requests import ORIGIN, SESSION_KEY, Console
from tests.unit.handlers.console.test_ended_sessions import login


def test_an_email_is_verified_only_by_the_claim_beside_it(console: Console) -> None:
    console.secret.document |= {"groups_claim": "email", "roles": {"root@example.com": "admin"}}
    console.provider.claims = {"email": None, "email_verified": True, "groups": None}
    console.provider.user_info = {"sub": "ada-1", "email": "root@example.com", "email_verified": False}
    assert login(console).status == 403


def test_an_email_of_the_token_is_not_verified_by_the_user_info(console: Console) -> None:
    console.secret.document["groups_claim"] = "teams"
    console.provider.claims = {"email": "root@example.com", "email_verified": None, "groups": None}
    told = {"sub": "ada-1", "email": "ada@example.com", "email_verified": True, "teams": ["taggers"]}
    console.provider.user_info = told
    browser = console.browser()
    assert login(console, browser).status == 303
    assert "root@example.com" not in browser.get("/rules").text


def test_subjects_that_cannot_be_read_are_different_people(console: Console) -> None:
    names = set()
    for sub in ("samlp|corp|Ada Lovelace", "samlp|corp|Bob Boole", "ada@example.com"):
        console.provider.claims = {"sub": sub, "email_verified": False}
        names.add(console.signed_in("taggers").get("/rules").text.split("recorded as <bdi>")[1].split("<")[0])
    assert len(names) == 3 and not any(name.endswith("ada@example.com") for name in names)


class Keys:
    """The provider's endpoints, with more keys than it signs with, or without any while it is ``down``."""

    def __init__(self, console: Console, extra: Iterable[dict[str, Any]] = (), *, down: bool = False) -> None:
        self.console, self.extra, self.down = console, list(extra), down

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> HttpAnswer:
        if not url.endswith("/jwks"):
            return self.console.provider(method, url, headers, body)
        if self.down:
            return json_answer(500, {})
        published = [key.as_dict(private=False) for key in self.console.provider.published]
        return json_answer(200, {"keys": self.extra + published})


def test_a_key_of_an_unknown_curve_is_passed_over() -> None:
    odd = {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA", "kid": "first"}
    assert login(Console(fetch=lambda console: Keys(console, [odd]))).status == 303


def without_id() -> Any:
    made = jwk.generate_key("RSA", 2048, {"use": "sig"}).as_dict(private=True)
    return jwk.import_key({name: value for name, value in made.items() if name != "kid"})


def test_keys_without_an_id_are_read_again(console: Console) -> None:
    for _ in range(2):
        console.provider.key = without_id()
        console.provider.published = [console.provider.key]
        assert login(console).status == 303
        console.clock.advance(3600)


def test_a_key_that_the_provider_withdrew_signs_nobody_in(console: Console) -> None:
    assert login(console).status == 303
    console.provider.published = [rsa_key("second")]
    console.clock.advance(7 * 86_400)
    assert login(console).status == 403


def test_keys_that_cannot_be_read_are_no_forgery() -> None:
    made: list[Keys] = []

    def endpoints(console: Console) -> Keys:
        made.append(Keys(console, down=True))
        return made[0]

    console = Console(fetch=endpoints)
    assert login(console).status == 503
    made[0].down = False
    console.clock.advance(60)
    assert login(console).status == 303


def composed(stored: dict[str, Any], secret: str = "", **given: Any) -> dict[str, Any]:
    delivery = Delivery("https://res.cloudinary.com", "")
    found: dict[str, Any] = json.loads(
        composed_text(stored, f"{ORIGIN}/", ConsoleOptions(**given), secret, delivery, SESSION_KEY)
    )
    return found


def test_another_provider_ends_all_sessions_and_another_client_has_another_secret() -> None:
    one = composed({}, "secret-of-c1", issuer="https://a.example", client_id="c1", roles=("admins=admin",))
    assert one["session_epoch"] == 0
    assert "client_secret" not in composed(one, client_id="c2")
    assert composed(one, issuer="https://b.example", client_id="c3")["session_epoch"] == 1
    assert composed(one, client_id="c1", issuer="https://a.example", groups_claim="groups")["session_epoch"] == 0
