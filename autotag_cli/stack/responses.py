"""The ops function's answers, as far as commands print them; unknown fields are ignored."""

from typing import Any

from msgspec import Struct, field

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.audit import Audit
from autotag_cli.stack.answer_form import JSON_HINT, as_type


class Tags(Struct, frozen=True):
    """The tags of an asset: managed tags, people's tags, and tags in review."""

    managed: tuple[str, ...] = field(name="ours")
    user: tuple[str, ...] = field(name="theirs")
    review: tuple[str, ...]


class Preference(Struct, frozen=True):
    """What a person last wanted of a tag (``add`` or ``remove``), and since when (ISO 8601)."""

    desired: str = field(name="want")
    at: str


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


class StoredState(Struct, frozen=True):
    """The state of one asset; times are ISO 8601 in UTC."""

    asset: AssetRef
    status: str
    tags: Tags
    preferences: dict[str, Preference] = field(name="people")
    categorizations: dict[str, ProviderResult]
    rules_version: str
    facts: Facts | None = None
    intent: Intent | None = None
    poll: Poll | None = None
    decided_at: str | None = None


def read_state(answer: dict[str, Any]) -> StoredState:
    """Return the state of an asset; raises ``Failure`` if another version of the service answered."""
    return as_type(answer, StoredState, JSON_HINT)


def read_audits(answer: list[dict[str, Any]]) -> list[Audit]:
    """Return audit records; raises ``Failure`` if another version of the service wrote them."""
    return as_type(answer, list[Audit], JSON_HINT)
