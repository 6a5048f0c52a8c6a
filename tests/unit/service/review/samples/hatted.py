"""A guitarist with a hat about whose labels people are asked at random, and who asks."""

from autotag.domain.model.messages import AskSample, MessageOrigin
from autotag.domain.model.verdicts import Sample
from autotag.domain.review.waiting import asked_tags
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import resource, upload
from tests.unit.service.tagging.people.guitarist import ASKS, BY, LABELS, stored

HAT = 0.2
"""Below every bar."""

HATTED = {**LABELS, "Hat": HAT}


def hatted(rules: str = ASKS, labels: dict[str, float] | None = None, tags: tuple[str, ...] = ("press",)) -> Fakes:
    """Return a world with an asset that was decided on an hour ago."""
    fakes = Fakes(rules)
    fakes.cloudinary.assets["a1"] = resource("a1", labels or HATTED, tags=tags)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(3600)
    return fakes


def request(fakes: Fakes, *labels: str, version: int = 100) -> AskSample:
    """Return the message that asks about labels, about the hat where none is named."""
    names = labels or ("Hat",)
    return AskSample("a1", version, names, BY, fakes.clock.now(), MessageOrigin("sample", f"{names}{version}"))


def ask(fakes: Fakes, *labels: str, version: int = 100) -> AskSample:
    """Let a worker ask about labels, about the hat where none is named; then a minute passes."""
    message = request(fakes, *labels, version=version)
    handle(fakes.deps, message, fakes.remaining)
    fakes.clock.advance(60)
    return message


def sample(fakes: Fakes, key: str = "hat") -> Sample:
    """Return the sample about a tag."""
    return stored(fakes).samples[key]


def waiting(fakes: Fakes) -> tuple[str, ...]:
    """Return the tags that reviewers are asked about."""
    return asked_tags(stored(fakes))
