"""Where rules are kept: which are active, the texts of all versions, what was deployed. Adapters implement these."""

from typing import Protocol

from msgspec import Struct

from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.rules.versions import Published


class Publication(Protocol):
    """Which rules are active."""

    def current(self) -> Published | None:
        """Return what was published last, or None; raises ``Invalid`` where it cannot be understood."""
        ...

    def publish(self, new: Published, *, over: int) -> bool:
        """Write ``new`` where ``over`` is still the number of the last push (0: there was none); say if it was."""
        ...

    def mark_good(self, version: str, seq: int) -> None:
        """Note that ``version`` was taken up, if it is still the one that was pushed last."""
        ...


class Versions(Protocol):
    """The texts of all versions that were ever used."""

    def remember_rules(self, version: str, text: str) -> None:
        """Store the text of a version, once."""
        ...

    def rules_text(self, version: str) -> str | None:
        """Return the text of a version, or None; raises ``Invalid`` where it cannot be read."""
        ...


class Deployed(Protocol):
    """The rules in the functions' package."""

    @property
    def text(self) -> str:
        """The file as it is."""
        ...

    @property
    def rulebook(self) -> Rulebook:
        """The same, compiled; raises ``Invalid``."""
        ...


class Shelf(Struct, frozen=True):
    """All three."""

    publication: Publication
    versions: Versions
    deployed: Deployed
