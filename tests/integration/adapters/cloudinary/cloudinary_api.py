"""Cloudinary's adapter against a server that gives prepared replies."""

import time
from email.utils import formatdate
from urllib.parse import parse_qs

from msgspec.structs import replace

from autotag.adapters.cloudinary.api import CloudinaryApi
from autotag.adapters.cloudinary.circuit import circuits
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.health import RateLimit
from autotag.domain.notifications.credentials import Credentials
from tests.fakes.runtime import FakeClock, FakeTelemetry
from tests.integration.adapters.cloudinary.cloudinary_server import Reply, Request, Server

OLD = Credentials("demo", "222222222222222", "writer-test-secret")
NEW = replace(OLD, api_secret="new-secret")
ASSET = AssetRef("a1", "Bühne/Gitarrist 🎸 a&b", "image", "upload", 100)
HTML = "<html><body>Bad gateway</body></html>"
TAGGED = Reply(200, {"public_ids": [ASSET.public_id]})


class FakeSecrets:
    """A cached secret, and the one that is found when a newer one is asked for."""

    def __init__(self) -> None:
        self.cached = self.stored = OLD

    def credentials(self, *, newer: bool = False, newest: bool = False) -> Credentials:
        if newer or newest:
            self.cached = self.stored
        return self.cached


class Api:
    """The adapter, its server, and what it told about limits."""

    def __init__(self, server: Server) -> None:
        self.server, self.secrets = server, FakeSecrets()
        self.limits: list[RateLimit] = []
        self.clock, self.telemetry = FakeClock(), FakeTelemetry()
        self.circuits = circuits(self.clock.now, self.telemetry)
        self.adapter = CloudinaryApi(server.base, self.secrets, self.limits.append, self.circuits)

    def tag(self, *replies: Reply, timeout: float = 30, tags: tuple[str, ...] = ("a",)) -> bool:
        self.server.replies = list(replies)
        return self.adapter.change_tags(ASSET, "add", tags, timeout)

    def read(self, *replies: Reply, asset_id: str = "a1") -> dict[str, object]:
        self.server.replies = list(replies)
        return self.adapter.resource(asset_id, 30)


def error(message: str = "no") -> dict[str, object]:
    return {"error": {"message": message}}


def asked(request: Request) -> tuple[str, dict[str, list[str]]]:
    path, _, query = request.path.partition("?")
    return path, parse_qs(query)


def limited(status: int, body: object, *, remaining: int, reset_in: float) -> Reply:
    reset = formatdate(int(time.time() + reset_in), usegmt=True)
    headers = {
        "X-FeatureRateLimit-Limit": "500",
        "X-FeatureRateLimit-Remaining": str(remaining),
        "X-FeatureRateLimit-Reset": reset,
    }
    return Reply(status, body, headers)
