"""The deployed console on the real template: people of a Cognito user pool sign in, each within a role."""

import json
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from local.clients.functions import log_lines
from local.stack.stack import Stack
from tests.e2e.setup_commands import command
from tests.fakes.console.browser import Answer, ConsoleBrowser, path_of

PASSWORD = "Correct-horse-7"


class Pool:
    """A user pool with a client of the console."""

    def __init__(self, stack: Stack, callback: str) -> None:
        self._client = stack.client("cognito-idp")
        self.id = self._client.create_user_pool(PoolName="people")["UserPool"]["Id"]
        client = self._client.create_user_pool_client(
            UserPoolId=self.id, ClientName="console", GenerateSecret=True, CallbackURLs=[callback],
            AllowedOAuthFlows=["code"], AllowedOAuthScopes=["openid", "email"], AllowedOAuthFlowsUserPoolClient=True,
            SupportedIdentityProviders=["COGNITO"],
        )["UserPoolClient"]  # fmt: skip
        self.client_id, self.client_secret = client["ClientId"], client["ClientSecret"]

    def add(self, email: str, group: str) -> None:
        """Add a person with a verified email to a group."""
        self._client.admin_create_user(
            UserPoolId=self.id, Username=email, MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        )  # fmt: skip
        self._client.admin_set_user_password(UserPoolId=self.id, Username=email, Password=PASSWORD, Permanent=True)
        self._client.create_group(UserPoolId=self.id, GroupName=group)
        self._client.admin_add_user_to_group(UserPoolId=self.id, Username=email, GroupName=group)


class Form(HTMLParser):
    """The fields of a page's form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""


@pytest.fixture(scope="module")
def pool(stack: Stack) -> Pool:
    """The console, set up for a user pool with a reviewer and somebody whose group has no role."""
    url = stack.outputs["ConsoleUrl"].rstrip("/")
    pool = Pool(stack, f"{url}/callback")
    pool.add("ada@example.com", "taggers")
    pool.add("eve@example.com", "strangers")
    done = command(
        stack, "setup", "--console", "--client-id", pool.client_id, "--role", "taggers=reviewer",
        "--issuer", f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}", "--groups-claim", "cognito:groups",
        "--discovery", f"{stack.endpoint_url}/{pool.id}/.well-known/openid-configuration", "--scope", "openid email",
        AUTOTAG_CONSOLE_CLIENT_SECRET=pool.client_secret,
    )  # fmt: skip
    assert done.code == 0, done
    assert pool.client_secret not in f"{done.printed}{done.errors}"
    return pool


def browser(stack: Stack) -> ConsoleBrowser:
    url = stack.outputs["ConsoleUrl"].rstrip("/")

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        given = {**headers, "host": urlsplit(url).netloc}
        answer = requests.request(
            method, f"{stack.endpoint_url}{path}", headers=given, data=body, allow_redirects=False, timeout=60
        )
        cookies = tuple(answer.raw.headers.getlist("set-cookie"))
        return Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, answer.text, cookies)

    return ConsoleBrowser(send, url)


def signed_in(stack: Stack, email: str) -> tuple[ConsoleBrowser, Answer, str]:
    """Return a browser after the login of a person, the last answer, and the code that the provider gave."""
    console = browser(stack)
    to_login = console.get("/review?tag=guitar")
    assert (to_login.status, to_login.location) == (302, "/sign-in?next=%2Freview%3Ftag%3Dguitar")
    to_provider = console.get(to_login.location)
    form = Form(requests.get(to_provider.location, timeout=60).text).fields | {"username": email, "password": PASSWORD}
    back = requests.post(f"{stack.endpoint_url}/login", data=form, allow_redirects=False, timeout=60).headers[
        "location"
    ]
    assert back.startswith(f"{console.origin}/callback?")
    return console, console.get(path_of(back), **{"sec-fetch-site": "cross-site"}), back


def test_a_reviewer_signs_in_at_cognito_reads_and_answers_and_pushes_no_rules(stack: Stack, pool: Pool) -> None:
    console, last, back = signed_in(stack, "ada@example.com")
    assert (last.status, last.location) == (303, "/review?tag=guitar")
    session = console.cookies["__Host-autotag"]
    assert session["secure"] and session["httponly"] and (session["path"], session["samesite"]) == ("/", "lax")
    rules = console.get("/rules")
    assert rules.status == 200 and rules.shows("cognito-idp.us-east-1.amazonaws.com:ada@example.com")
    decision = {"asset": "0" * 32, "tag": "guitar", "verdict": "accept", "version": 1}
    answered = console.post_json("/api/answers", json.dumps({"decisions": [decision]}).encode(), console.csrf())
    assert answered.status == 200 and len(json.loads(answered.text)["refused"]) == 1  # no such asset was ever seen
    logged = "\n".join(log_lines(stack, "Console"))
    assert session.value not in logged and urlsplit(back).query not in logged and pool.client_secret not in logged
    assert command(stack, "setup", "--console", "--sign-out-everyone").code == 0


def test_a_group_without_a_role_gets_no_session(stack: Stack, pool: Pool) -> None:
    console, last, _ = signed_in(stack, "eve@example.com")
    assert last.status == 403 and last.shows("none of your groups has a role here")
    assert "__Host-autotag" not in console.cookies and console.get("/rules").status == 302
    assert urlencode({"next": "/rules"}) in console.get("/rules").location
