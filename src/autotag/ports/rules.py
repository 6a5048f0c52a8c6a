"""The interfaces to rules: which are active, the texts of all versions, the deployed file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:  # names only: the webhook's cold start must not pay for the worker's domain
    from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
    from autotag.domain.rules.versions import Published, StoredVersion


class RulesSource(Protocol):
    """The active rules, and those that assets were decided on with before."""

    def active(self, *, at_least: int = 0) -> ActiveRules:
        """Return the compiled rules and their sequence number, at most half a minute old.

        If that number is below ``at_least``, read again at once; it may still be below. Raises ``Retryable`` if no
        rules are known yet and none can be read.
        """
        ...

    def of_version(self, version: str) -> Ruleset | None:
        """Return the compiled rules of ``version``, or None if they cannot be read now, or any more."""
        ...


class ActiveRulesStore(Protocol):
    """The record of which rules are active."""

    def current(self) -> Published | None:
        """Return what was published last, or None; raises ``Invalid`` if it cannot be parsed."""
        ...

    def publish(self, new: Published, *, expected: int) -> bool:
        """Write ``new`` if the last push still has the number ``expected`` (0: no push yet); return whether it has."""
        ...

    def mark_good(self, version: str, seq: int) -> None:
        """Record that a worker loaded ``version``, if it is still the one that was pushed last."""
        ...


class RuleVersionStore(Protocol):
    """All versions that were ever used: their texts, and the labels of the categories that they name."""

    def remember_rules(self, version: str, stored: StoredVersion) -> None:
        """Store a version, once."""
        ...

    def remember_push(self, push: Published) -> None:
        """Record a push that was active, once: its number, version, name, caller and time."""
        ...

    def pushes(self, limit: int, *, before: int) -> list[Published]:
        """Return the ``limit`` last recorded pushes with numbers below ``before``, the newest first.

        Raises ``Invalid`` if one cannot be parsed.
        """
        ...

    def stored_rules(self, version: str) -> StoredVersion | None:
        """Return a version, or None; raises ``Invalid`` if it cannot be read."""
        ...


class PackagedRules(Protocol):
    """The rules in the functions' package."""

    @property
    def text(self) -> str:
        """The text of the file."""
        ...

    @property
    def ruleset(self) -> Ruleset:
        """The compiled rules; raises ``Invalid``."""
        ...


class RuleStore(Struct, frozen=True):
    """The three interfaces to rules, together."""

    publication: ActiveRulesStore
    versions: RuleVersionStore
    deployed: PackagedRules
