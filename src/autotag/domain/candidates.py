"""Tags in the making: labels that share a tag merge, parents and additions join, people's removals and the cap drop."""

from collections.abc import Iterable, Mapping
from typing import Literal

from autotag.domain.labels import MAX_TAG_LENGTH, Label, label_key
from autotag.domain.outcome import PRESENT, SUPPRESSED, LabelOutcome, Outcome
from autotag.domain.rulebook import CompiledLabel, Settings, Subject, format_tag

NO_RULE = CompiledLabel()


class Candidate:
    """One tag in the making, with the labels that merge into it, most confident first."""

    __slots__ = ("because", "confidence", "implied", "key", "members", "name", "priority", "tag")

    def __init__(self, tag: str, key: str, name: str, confidence: float, priority: int) -> None:
        self.tag, self.key, self.name = tag, key, name
        self.confidence, self.priority = confidence, priority
        self.members: list[tuple[str, Label, str, CompiledLabel]] = []
        self.implied: Literal["parent", "added", ""] = ""
        self.because = ""


def imply(
    candidates: dict[str, Candidate],
    kept: Iterable[tuple[Label, CompiledLabel]],
    settings: Settings,
    deny: frozenset[str],
) -> None:
    """Add what kept labels, the most confident first, imply: parents, transitively, then the blocks' ``add``.

    Deny wins over both.
    """
    best: dict[str, tuple[str, float, str]] = {}
    for label, rule in kept:
        todo = [(parent, rule.parents_path) for parent in rule.parents]
        while todo:
            parent, path = todo.pop(0)
            key = label_key(parent)
            if key not in best:
                best[key] = (parent, label.confidence, path)
                above = settings.labels.get(key, NO_RULE)
                todo += [(grandparent, above.parents_path) for grandparent in above.parents]
    for parent, confidence, path in best.values():
        _join(candidates, parent, confidence, "parent", path, settings, deny)
    for tag, path in settings.add:
        _join(candidates, tag, 1.0, "added", path, settings, deny)


def _join(
    candidates: dict[str, Candidate],
    name: str,
    confidence: float,
    how: Literal["parent", "added"],
    path: str,
    settings: Settings,
    deny: frozenset[str],
) -> None:
    tag = format_tag(name, settings)
    key = label_key(tag)
    if not deny.isdisjoint((label_key(name), key)) or len(tag) > MAX_TAG_LENGTH:
        return
    priority = settings.labels.get(label_key(name), NO_RULE).priority
    candidate = candidates.get(key)
    if candidate is None:
        candidate = candidates[key] = Candidate(tag, key, name, confidence, priority)
        candidate.implied, candidate.because = how, path
    candidate.confidence = max(candidate.confidence, confidence)
    candidate.priority = max(candidate.priority, priority)


def settle(
    candidates: dict[str, Candidate], settings: Settings, subject: Subject, provider_of: Mapping[str, str]
) -> tuple[list[Candidate], dict[str, tuple[str, ...]], list[LabelOutcome]]:
    """Drop what people took away, rank the rest, cap it, and tell what became of every member."""
    told: list[LabelOutcome] = []
    standing: list[Candidate] = []
    for candidate in candidates.values():
        if _taken_away(candidate, subject.suppressed):
            told += _tell(candidate, "suppressed", SUPPRESSED, settings, provider_of)
        else:
            standing.append(candidate)
    standing.sort(key=lambda c: (-c.priority, -c.confidence, c.tag))
    final, sources = standing[: settings.max_tags], {}
    theirs = {label_key(tag) for tag in subject.tags} if subject.tags else frozenset()
    for candidate in final:
        sources[candidate.tag] = tuple(m[0] for m in candidate.members) or (label_key(candidate.name),)
        if candidate.key in theirs and candidate.tag not in subject.ours:
            told += _tell(candidate, "present", PRESENT, settings, provider_of)
        else:
            told += _tell(candidate, candidate.implied or "kept", candidate.because, settings, provider_of)
    for candidate in standing[settings.max_tags :]:
        told += _tell(candidate, "over_max", settings.max_tags_path, settings, provider_of)
    return final, sources, told


def _taken_away(candidate: Candidate, suppressed: frozenset[str]) -> bool:
    return candidate.key in suppressed or (not candidate.members and label_key(candidate.name) in suppressed)


def _tell(
    candidate: Candidate, outcome: Outcome, because: str, settings: Settings, provider_of: Mapping[str, str]
) -> Iterable[LabelOutcome]:
    if candidate.implied:
        yield LabelOutcome(candidate.name, None, candidate.confidence, outcome, candidate.tag, None, because)
    dropped = outcome in ("suppressed", "over_max")
    for i, (key, label, path, rule) in enumerate(candidate.members):
        threshold = settings.threshold if rule.threshold is None else rule.threshold
        if i and not dropped:
            first = candidate.members[0][1]
            told: Outcome = "merged"
            why = f'"{first.name}" at {first.confidence:g} gives the same tag'
        else:
            told, why = outcome, because or path
        yield LabelOutcome(label.name, provider_of[key], label.confidence, told, candidate.tag, threshold, why)
