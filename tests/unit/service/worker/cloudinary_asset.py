"""The asset in Cloudinary that messages are about."""

from tests.fakes.context import Fakes
from tests.fakes.samples import GUITARIST, resource


def given_asset(fakes: Fakes, **kwargs: object) -> dict[str, object]:
    """Put the asset into Cloudinary; return a copy of it, as a notification tells it."""
    body = resource("a1", GUITARIST, **kwargs)  # type: ignore[arg-type]
    fakes.cloudinary.assets["a1"] = body
    return dict(body)
