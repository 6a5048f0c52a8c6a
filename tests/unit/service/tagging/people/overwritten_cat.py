"""A picture of a cat with tags, and a picture of a dog that comes in its place."""

from collections.abc import Iterable

from msgspec.structs import replace

from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import resource, upload
from tests.unit.service.settle import come_to_rest

CAT, DOG = {"Cat": 0.9}, {"Dog": 0.9}


def tagged_cat(keeps: bool | None, tags: tuple[str, ...] = ("mine",), rules: str = "") -> Fakes:
    """A picture of a cat that we tagged Cat, in an account that keeps tags on overwrite, or clears them, or either."""
    fakes = Fakes(rules) if rules else Fakes()
    fakes.cloudinary.keeps = keeps
    fakes.cloudinary.assets["a1"] = resource("a1", CAT, tags=tags)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(600)
    return fakes


def overwrite(fakes: Fakes, tags: Iterable[str], *, listed: Iterable[str] | None = None, read: bool = False) -> None:
    """A picture of a dog comes in its place; ``listed`` are the tags in the notification, where they are not all.

    ``read``: there is no notification but of pending labels without facts, so that a read learns of the overwrite.
    """
    version = fakes.clock.now() // 1000
    fakes.cloudinary.assets["a1"] = resource("a1", DOG, version=version, tags=tuple(sorted(tags)))
    told = resource("a1", DOG, version=version, tags=tuple(sorted(tags if listed is None else listed)))
    message = upload(told, fakes.clock.now(), f"d{version}")
    if read:
        message = replace(message, facts=None)
    handle(fakes.deps, message, fakes.remaining)
    come_to_rest(fakes)
