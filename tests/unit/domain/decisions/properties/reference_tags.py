"""The tags in the making of the second implementation."""

from typing import NamedTuple

from autotag.domain.model.labels import Label, label_key

Outcome = tuple[str, str | None, str, str | None]
"""A label or implied tag, its provider, its outcome, its tag."""


class Verdict(NamedTuple):
    """What implementations must agree on. ``outcomes`` are in no order; ``stands`` is what each tag stands for."""

    tags: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    stands: tuple[frozenset[str], ...] = ()
    review: tuple[str, ...] = ()
    outcomes: frozenset[Outcome] = frozenset()
    mode: str = "apply"
    skip: bool = False


class Tag:
    """A tag in the making."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.key, self.name = text, label_key(text), name
        self.confidence, self.priority = -1.0, -(10**9)
        self.words: list[tuple[str, str]] = []
        self.translated = False
        self.labels: list[tuple[Label, str]] = []
        self.names: set[str] = set()
        self.implied_by: set[str] = set()
        self.implied = self.outcome = ""

    @property
    def stands(self) -> frozenset[str]:
        return frozenset({label_key(label.name) for label, _ in self.labels} | self.names | self.implied_by)

    def gains(self, confidence: float, priority: int) -> None:
        self.confidence, self.priority = max(self.confidence, confidence), max(self.priority, priority)


def outcomes_of(made: Tag) -> set[Outcome]:
    """Return the outcomes of a tag: one for each of its labels, or for what implies it if no label gives it."""
    if made.implied:
        return {(made.name, None, made.outcome or ("translated" if made.translated else made.implied), made.text)}
    kept = "translated" if made.translated else "kept"
    dropped = made.outcome in ("suppressed", "over_max")
    outcomes: set[Outcome] = set()
    for i, (label, provider) in enumerate(made.labels):
        outcomes.add((label.name, provider, "merged" if i and not dropped else made.outcome or kept, made.text))
    return outcomes
