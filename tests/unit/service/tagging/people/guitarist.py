"""A guitarist about whom a person is asked two tags, and what is answered about them."""

from typing import Any

from msgspec.structs import replace

from autotag.domain.decisions.evaluate import evaluate
from autotag.domain.model.audit import Audit, TriggerKind, audit_id
from autotag.domain.model.messages import MessageOrigin, ReviewAnswered
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.claim import inputs_of
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import GUITARIST, resource, upload

ASKS = "[defaults]\nthreshold = 0.7\nreview = 0.5\n"
BY = "arn:aws:sts::123456789012:assumed-role/team/ada"
LABELS = {**GUITARIST, "Performer": 0.5754}


def guitarist() -> Fakes:
    """Return a world with an asset with People and Guitar; a person is asked about Musician and Performer."""
    fakes = Fakes(ASKS)
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, tags=("press",))
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(3600)
    assert stored(fakes).review == ("Musician", "Performer")
    return fakes


def stored(fakes: Fakes) -> AssetState:
    """Return the state of the asset."""
    return fakes.store.items["a1"]


def answer(fakes: Fakes, *, version: int = 100, digest: str = "", **tags: Any) -> ReviewAnswered:
    """Return the message of answers: ``accept``, ``reject`` and ``clear`` are tags."""
    source = MessageOrigin("review", digest or f"{tags!r}")
    return ReviewAnswered("a1", version, BY, fakes.clock.now(), source, **tags)


def one_answer(fakes: Fakes, verdict: str) -> ReviewAnswered:
    """Return the message of an answer about Musician."""
    return replace(answer(fakes), **{verdict: ("Musician",)})


def do(fakes: Fakes, message: ReviewAnswered) -> ReviewAnswered:
    """Let a worker handle an answer; return it."""
    handle(fakes.deps, message, fakes.remaining)
    return message


def audits(fakes: Fakes, kind: TriggerKind = "review") -> list[Audit]:
    """Return the audits of a kind, in their order."""
    return [audit for audit in fakes.audits.records.values() if audit.trigger.kind == kind]


def would_ask(fakes: Fakes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tags and the questions of a decision made now."""
    ruleset, _ = fakes.rules.active()
    decision = evaluate(inputs_of(stored(fakes), ruleset), ruleset).decision
    assert decision is not None
    return decision.tags, decision.review


def upload_again(fakes: Fakes, version: int) -> None:
    """Overwrite the asset."""
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, version=version)
    message = upload(dict(fakes.cloudinary.assets["a1"]), fakes.clock.now(), f"d{version}")
    handle(fakes.deps, message, fakes.remaining)


def id_of(message: ReviewAnswered) -> str:
    """Return the id of the audit of an answer."""
    return audit_id(message.asset_id, message.observed_at, message.source.digest[:12])


def undo(fakes: Fakes, of: ReviewAnswered | str, *tags: str, version: int = 100) -> ReviewAnswered:
    """Return the message that takes an answer back, about Musician where no tags are named."""
    named = of if isinstance(of, str) else id_of(of)
    return answer(fakes, version=version, undo=tuple((tag, named) for tag in tags or ("Musician",)))


def new_labels_came(fakes: Fakes) -> None:
    """Announce the asset again, with one label more."""
    labels = {**LABELS, "Cat": 0.99}
    handle(fakes.deps, upload(resource("a1", labels), fakes.clock.now(), "d2"), fakes.remaining)
