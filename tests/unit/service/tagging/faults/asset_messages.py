"""The messages about one asset, from its upload to a newer version."""

from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload

ASSET = resource("a1", GUITARIST, tags=("press",))
FIRST = upload(ASSET)
AGAIN = upload(ASSET, digest="again")
PENDING = upload(resource("a1", status="pending", tags=("press",)))
COMPLETED = upload(ASSET, START + 9_000, "completed")
NEWER = upload(resource("a1", {"People": 0.99, "Cat": 0.9}, version=200, tags=("press",)), START + 9_000, "newer")
REMOVED = person(removed=("Guitar",), at=START + 30)
ECHO = person(added=("People", "Guitar"), at=START + 1_000, by="222")


def given() -> Fakes:
    """Return fakes with the asset in Cloudinary, about which no message came yet."""
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = dict(ASSET)
    return fakes


def given_tagged() -> Fakes:
    """Return fakes with the asset tagged."""
    fakes = given()
    handle(fakes.deps, FIRST, fakes.remaining)
    return fakes
