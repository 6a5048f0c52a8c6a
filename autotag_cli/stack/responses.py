"""The ops function's answers, as far as commands print them; unknown fields are ignored."""

from typing import Any

from msgspec import Struct

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.audit import Audit
from autotag.domain.sentences.picture import Assignment, PersonChange, Picture, PictureTags
from autotag_cli.stack.answer_form import JSON_HINT, as_type


class Label(Struct, frozen=True):
    """A label with its confidence (0-1)."""

    label: str
    confidence: float


class ProviderResult(Struct, frozen=True):
    """The result of one provider."""

    status: str
    observed_at: str
    error: str
    labels: tuple[Label, ...]


class Intent(Struct, frozen=True):
    """The changes that are being written to Cloudinary."""

    add: tuple[str, ...]
    remove: tuple[str, ...]
    due_at: str


class Poll(Struct, frozen=True):
    """When a pending asset is read again, how often it has been read, and when that ends."""

    due_at: str
    attempts: int
    deadline_at: str


class AtRandom(Struct, frozen=True):
    """A question at random that waits, about a label at a confidence (0-1)."""

    label: str
    confidence: float


class StoredState(Struct, frozen=True):
    """The state of one asset; times are ISO 8601 in UTC. ``samples`` are questions at random that wait, by tag."""

    asset: AssetRef
    status: str
    tags: PictureTags
    people: dict[str, PersonChange]
    categorizations: dict[str, ProviderResult]
    rules_version: str
    facts: Facts | None = None
    intent: Intent | None = None
    poll: Poll | None = None
    decided_at: str | None = None
    assigned: dict[str, Assignment] = {}
    samples: dict[str, AtRandom] = {}

    @property
    def picture(self) -> Picture:
        """Return what is known of the tags."""
        return Picture(self.tags, self.people, self.assigned)


def read_state(answer: dict[str, Any]) -> StoredState:
    """Return the state of an asset; raises ``Failure`` if another version of the service answered."""
    return as_type(answer, StoredState, JSON_HINT)


def read_audits(answer: list[dict[str, Any]]) -> list[Audit]:
    """Return audit records; raises ``Failure`` if another version of the service wrote them."""
    return as_type(answer, list[Audit], JSON_HINT)
