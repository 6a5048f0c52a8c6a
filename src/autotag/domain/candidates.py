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


def imply(candidates: dict[str, Candidate], settings: Settings, deny: frozenset[str]) -> None:
    """Add what kept labels imply: parents, transitively, then the blocks' ``add``. Deny wins over both."""
    best: dict[str, tuple[str, float, str]] = {}
    children = [m for c in candidates.values() for m in c.members]
    for _, label, _, rule in sorted(children, key=lambda m: (-m[1].confidence, m[1].name)):
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
        if candidate.key in subject.suppressed or _gone(candidate, subject.suppressed):
            told += _tell(candidate, "suppressed", SUPPRESSED, settings, provider_of)
        else:
            told += _drop_members(candidate, settings, subject.suppressed, provider_of)
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


def _gone(candidate: Candidate, suppressed: frozenset[str]) -> bool:
    """Whether a person took away every label that the tag stands for."""
    if not suppressed:
        return False
    keys = [m[0] for m in candidate.members] or [label_key(candidate.name)]
    return all(key in suppressed for key in keys)


def _drop_members(
    candidate: Candidate, settings: Settings, suppressed: frozenset[str], provider_of: Mapping[str, str]
) -> Iterable[LabelOutcome]:
    """Take out the labels that a person took away, where others still stand for the tag."""
    gone = [m for m in candidate.members if m[0] in suppressed]
    if not gone:
        return ()
    candidate.members = [m for m in candidate.members if m[0] not in suppressed]
    dropped = Candidate(candidate.tag, candidate.key, candidate.name, candidate.confidence, candidate.priority)
    dropped.members = gone
    return _tell(dropped, "suppressed", SUPPRESSED, settings, provider_of)


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
