"""Tags in the making: labels that share a tag merge, parents and additions join, people's removals and the cap drop.

Nothing here explains anything, so that who asks for the tags alone pays for no more.
"""

from collections.abc import Iterable
from operator import attrgetter

from msgspec import Struct

from autotag.domain.labels import Label
from autotag.domain.layers import Settings
from autotag.domain.outcome import Outcome
from autotag.domain.prospects import ImpliedTag, Prospect
from autotag.domain.ranking import ranked

_BY_TAG, _BY_CONFIDENCE, _BY_PRIORITY = attrgetter("tag"), attrgetter("confidence"), attrgetter("priority")


class Candidate(Struct, gc=False):
    """One tag in the making, spelt as ``leader`` gives it, the most confident of its labels.

    Where no label gives it, ``leader`` is None and ``implied`` is what a rule implies, at the path ``because``.
    ``sources`` are the keys of its labels; ``explain`` adds those that are not the leader. ``outcome`` and ``because``
    are what becomes of it and why; "" is for reaching the leader's bar.
    """

    tag: str
    key: str
    confidence: float
    priority: int
    sources: tuple[str, ...]
    leader: Label | None
    implied: ImpliedTag | None = None
    outcome: Outcome = "kept"
    because: str = ""


Candidates = dict[str, Candidate]
"""By the key of the tag."""


Kept = list[tuple[Label, Prospect]]
"""Labels that reach their bar, the most confident first, each with its prospect."""


def reaching(labels: Iterable[Label], settings: Settings) -> Kept:
    """Return those of ``labels``, the most confident first, that reach their own bar, or else the settings'."""
    prospects, threshold = settings.prospects, settings.threshold
    return [
        (label, prospect)
        for label in labels
        if label.confidence >= (threshold if (prospect := prospects[label.name]).bar is None else prospect.bar)
        and not label.fault
    ]


def gather(kept: Kept, settings: Settings, suppressed: frozenset[str]) -> Candidates:
    """Return every tag that ``kept`` labels, the most confident first, and the blocks' ``add`` give.

    Denied ones are not among them; those that a person took away are.
    """
    candidates: Candidates = {}
    for label, prospect in kept:
        if suppressed and prospect.key in suppressed:  # its parents stand, the tag itself does not
            continue
        key, priority = prospect.tag_key, prospect.priority
        leading = candidates.get(key)
        if leading is None:
            candidates[key] = Candidate(prospect.tag, key, label.confidence, priority, prospect.sources, label)
        elif leading.priority < priority:
            leading.priority = priority
    for label, prospect in kept:  # of a parent's children the surest comes first, so its confidence and path count
        for parent, path in prospect.implies:
            _join(candidates, parent, label.confidence, "parent", path)
    for name, path in settings.add:
        _join(candidates, settings.prospects.implied(name), 1.0, "added", path)
    return candidates


def settle(candidates: Candidates, max_tags: int, suppressed: frozenset[str]) -> tuple[list[Candidate], ...]:
    """Return those that stay, in order; those over the cap; and those that a person took away."""
    standing, taken = _standing(candidates, suppressed)
    standing = _ranked(standing)
    return standing[:max_tags], standing[max_tags:], taken


def survivors(candidates: Candidates, max_tags: int, suppressed: frozenset[str]) -> list[Candidate]:
    """Return those that stay in no order: only where some do not stay are they ranked, and by name only at the edge."""
    standing, _ = _standing(candidates, suppressed)
    if len(standing) > max_tags:
        standing.sort(key=_BY_CONFIDENCE, reverse=True)
        standing.sort(key=_BY_PRIORITY, reverse=True)
        last, next_ = standing[max_tags - 1], standing[max_tags]
        if (last.priority, last.confidence) == (next_.priority, next_.confidence):
            standing = _ranked(standing)
    return standing[:max_tags]


def _standing(candidates: Candidates, suppressed: frozenset[str]) -> tuple[list[Candidate], list[Candidate]]:
    standing = list(candidates.values())
    if not suppressed:
        return standing, []
    taken = [candidate for candidate in standing if _taken_away(candidate, suppressed)]
    return [candidate for candidate in standing if not _taken_away(candidate, suppressed)], taken


def _ranked(candidates: list[Candidate]) -> list[Candidate]:
    found = ranked(candidates, _BY_TAG)
    if any([candidate.priority for candidate in found]):
        found.sort(key=_BY_PRIORITY, reverse=True)  # it counts most, and leaves equals in their order
    return found


def _join(candidates: Candidates, implied: ImpliedTag, confidence: float, how: Outcome, path: str) -> None:
    if implied.refused:
        return
    key, priority = implied.tag_key, implied.priority
    known = candidates.get(key)
    if known is None:
        candidates[key] = Candidate(implied.tag, key, confidence, priority, implied.sources, None, implied, how, path)
        return
    if known.confidence < confidence:
        known.confidence = confidence
    if known.priority < priority:
        known.priority = priority


def _taken_away(candidate: Candidate, suppressed: frozenset[str]) -> bool:
    return candidate.key in suppressed or (candidate.implied is not None and candidate.implied.key in suppressed)
