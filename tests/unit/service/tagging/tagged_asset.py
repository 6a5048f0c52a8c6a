"""An asset that was uploaded, decided on and tagged some time ago."""

from typing import Any

from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import GUITARIST, resource, upload


def given_tagged(rules: str = "", *, seconds: float = 3600, **changed: Any) -> Fakes:
    """Return fakes with the asset a1, tagged so many ``seconds`` ago; ``changed`` changes what Cloudinary has of it."""
    fakes = Fakes(rules) if rules else Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, **changed)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(seconds)
    return fakes
