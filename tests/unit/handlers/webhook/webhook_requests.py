"""A webhook wired to fakes, and Function URL events as Lambda delivers them."""

import base64
import json
from typing import Any

from autotag import bootstrap
from autotag.domain.errors import Retryable
from autotag.domain.model.messages import Message
from autotag.domain.notifications.credentials import Credentials
from autotag.domain.notifications.signature import digest
from autotag.service.intake.accept import Policy
from handlers.webhook import respond
from tests.fakes.runtime import START, FakeClock, FakeTelemetry

NOW = START // 1000
SECRET = "notification-test-secret"
OWN_KEY = "222222222222222"
MAX_BODY = 256 * 1024
"""The most bytes of a body that is parsed."""
CREDENTIALS = Credentials(
    "demo", OWN_KEY, "writer-test-secret", notification_secrets={"111111111111111": SECRET}, writer_key_dedicated=True
)


class FakeSecrets:
    """A cache over a secret store: ``stored`` is what asking for a newer value finds; ``down``: nothing answers."""

    def __init__(self) -> None:
        self.cached = self.stored = CREDENTIALS
        self.down = False
        self.asked: list[bool] = []

    def credentials(self, *, newer: bool = False, newest: bool = False) -> Credentials:
        self.asked.append(newer)
        if self.down:
            raise Retryable("Secrets Manager: InternalServiceError")
        if newer:
            self.cached = self.stored
        return self.cached


class FakeQueue:
    """The live queue. ``takes`` is how many messages it still accepts before it fails."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.takes = 10_000

    def send(self, messages: list[Message]) -> None:
        accepted = messages[: self.takes]
        self.messages += accepted
        self.takes -= len(accepted)
        if len(accepted) < len(messages):
            raise Retryable("SQS: ServiceUnavailable")


class Webhook:
    """The handler on fakes."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.secrets, self.queue, self.telemetry = FakeSecrets(), FakeQueue(), FakeTelemetry()
        self.handle = bootstrap.webhook(
            secrets=self.secrets,
            queue=self.queue,
            clock=FakeClock(),
            telemetry=self.telemetry,
            policy=policy or Policy(),
        )

    def answer(self, event: dict[str, Any]) -> dict[str, Any]:
        return respond(event, self.handle)

    def post(self, body: bytes, headers: dict[str, str] | None = None, *, encoded: bool = False) -> int:
        """Post ``body`` as Cloudinary does, signed unless ``headers`` say otherwise; return the status."""
        status = self.answer(post(body, signed(body) if headers is None else headers, encoded=encoded))["statusCode"]
        assert isinstance(status, int)
        return status


def signed(body: bytes, at: int = NOW, secret: str = SECRET, algorithm: str = "sha1") -> dict[str, str]:
    """Return the headers that Cloudinary sends, lower-case as a Function URL passes them on."""
    return {
        "x-cld-timestamp": str(at),
        "x-cld-signature": digest(body, str(at), secret, algorithm=algorithm),
    }


def post(body: bytes, headers: dict[str, str], *, encoded: bool = False) -> dict[str, Any]:
    """Return the event of a POST; ``encoded`` as Lambda does where the content type is no text."""
    return event("POST", headers, base64.b64encode(body).decode() if encoded else body.decode(), encoded)


def event(method: str, headers: dict[str, str], body: str | None, encoded: bool = False) -> dict[str, Any]:
    """Return a Function URL event, payload format 2.0."""
    request: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/",
        "rawQueryString": "",
        "headers": {
            "content-type": "application/json",
            "host": "abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws",
            "user-agent": "Cloudinary",
            "x-forwarded-for": "192.0.2.1",
            **headers,
        },
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "abcdefghijklmnopqrstuvwxyz012345",
            "domainName": "abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws",
            "http": {
                "method": method,
                "path": "/",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "Cloudinary",
            },
            "requestId": "5f9c1b1e-0000-4000-8000-000000000000",
            "routeKey": "$default",
            "stage": "$default",
            "time": "08/Oct/2026:12:00:00 +0000",
            "timeEpoch": START,
        },
        "isBase64Encoded": encoded,
    }
    return request if body is None else {**request, "body": body}


def padded(body: bytes, size: int) -> bytes:
    """Return the notification with so much of an unknown field that it has ``size`` bytes."""
    document = json.loads(body)
    room = size - len(json.dumps({**document, "padding": ""}).encode())
    return json.dumps({**document, "padding": "x" * room}).encode()
