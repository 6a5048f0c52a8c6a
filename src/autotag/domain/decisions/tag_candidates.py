"""Tag candidates: merge labels that share a tag, add implied tags, then apply people's changes and the cap.

Explanations are made elsewhere, so that a caller that needs only the tags does not pay for them.
"""

from collections.abc import Iterable
from operator import attrgetter

from msgspec import Struct

from autotag.domain.decisions.ranking import ranked
from autotag.domain.model.labels import OF_NAMES, Label
from autotag.domain.model.outcome import OutcomeKind
from autotag.domain.rules.compiled.label_plan import ImpliedTag, LabelPlan
from autotag.domain.rules.compiled.settings import Settings

_BY_TAG, _BY_CONFIDENCE, _BY_PRIORITY = attrgetter("tag"), attrgetter("confidence"), attrgetter("priority")


class TagCandidate(Struct, gc=False):
    """One possible tag, in the spelling of ``leader``, the most confident of its labels.

    If no label gives it, ``leader`` is None and ``implied`` is the tag that the rule at the path ``because`` implies.
    ``sources`` are the keys of its labels and of its names; ``explanation`` adds those of the other labels.
    ``outcome`` and ``because`` are its outcome and the reason; "" means that it reaches the leader's threshold.
    ``raised`` is the path of a rule that gives it too, with the higher ``confidence``.
    """

    tag: str
    key: str
    confidence: float
    priority: int
    sources: tuple[str, ...]
    leader: Label | None
    implied: ImpliedTag | None = None
    outcome: OutcomeKind = "kept"
    because: str = ""
    raised: str = ""


TagCandidates = dict[str, TagCandidate]
"""Candidates by the key of the tag."""


KeptLabels = list[tuple[Label, LabelPlan]]
"""Labels that reach their threshold, the most confident first, each with its plan."""


class Theirs(Struct, frozen=True, gc=False):
    """People's tags on an asset (``keys``), the managed tags (``ours``), and what people removed.

    ``suppressed`` are the keys of the tags and labels that they removed; ``taken`` are the keys of the tags that must
    therefore stay away.
    """

    keys: frozenset[str]
    ours: frozenset[str]
    suppressed: frozenset[str]
    taken: frozenset[str]


class RankedTags(Struct, frozen=True, gc=False):
    """The candidates by outcome: ``final`` stay, in order; ``present`` are those of them that are people's tags.

    ``over`` exceed the cap, ``taken`` were removed by a person.
    """

    final: list[TagCandidate]
    present: list[TagCandidate]
    over: list[TagCandidate]
    taken: list[TagCandidate]


def at_or_above_threshold(labels: Iterable[Label], settings: Settings) -> KeptLabels:
    """Return those of ``labels`` that reach their own threshold, or else that of the settings, in the given order."""
    cached, lookup, threshold = settings.label_plans.entries.get, settings.label_plans.lookup, settings.threshold
    return [
        (label, plan)
        for label in labels
        if label.confidence
        >= (threshold if (plan := cached(label.name) or lookup(label.name)).bar is None else plan.bar)
        and (not label.fault or label.fault in OF_NAMES)
    ]


def collect_tags(kept: KeptLabels, settings: Settings, suppressed: frozenset[str]) -> TagCandidates:
    """Return every tag that ``kept`` labels, the most confident first, and the blocks' ``add`` give.

    Denied tags are left out. Tags that a person removed are included.
    """
    candidates: TagCandidates = {}
    for label, plan in kept:
        if suppressed and plan.key in suppressed:  # its parents stay, the tag itself does not
            continue
        key, priority = plan.tag_key, plan.priority
        leading = candidates.get(key)
        if leading is None:
            candidates[key] = TagCandidate(plan.tag, key, label.confidence, priority, plan.sources, label)
        elif leading.priority < priority:
            leading.priority = priority
    for label, plan in kept:  # a parent's most confident child comes first, so its confidence and path count
        for parent, path in plan.implies:
            _add_implied(candidates, parent, label.confidence, "parent", path)
    for name, path in settings.add:
        _add_implied(candidates, settings.label_plans.implied(name), 1.0, "added", path)
    return candidates


def removed_tag_keys(kept: KeptLabels, settings: Settings, suppressed: frozenset[str]) -> frozenset[str]:
    """Return the keys of the tags that a person removed: by the tag itself, or by a name that now gives the tag."""
    gave = {p.tag_key for _, p in kept if p.name_key in suppressed and p.key not in suppressed}
    implied = [parent for _, plan in kept for parent, _ in plan.implies]
    implied += [settings.label_plans.implied(name) for name, _ in settings.add]
    gave.update([each.tag_key for each in implied if each.key in suppressed and not each.refused])
    return suppressed | gave


def rank_and_cap(candidates: TagCandidates, max_tags: int, theirs: Theirs) -> RankedTags:
    """Split candidates: staying, over the cap, removed by a person. People's tags do not count toward the cap."""
    standing = _ranked(_not_removed(candidates, theirs.taken))
    taken = [c for c in candidates.values() if c.key in theirs.taken] if theirs.taken else []
    if not theirs.keys:
        return RankedTags(standing[:max_tags], [], standing[max_tags:], taken)
    keys, ours = theirs.keys, theirs.ours
    present = [candidate for candidate in standing if candidate.key in keys and candidate.tag not in ours]
    if not present:
        return RankedTags(standing[:max_tags], [], standing[max_tags:], taken)
    spared = {candidate.key for candidate in present}
    over = [candidate for candidate in standing if candidate.key not in spared][max_tags:]
    dropped = {candidate.key for candidate in over}
    return RankedTags([candidate for candidate in standing if candidate.key not in dropped], present, over, taken)


def surviving_tags(candidates: TagCandidates, max_tags: int, theirs: Theirs) -> list[TagCandidate]:
    """Return the candidates that stay as managed tags, in any order.

    They are ranked only if some exceed the cap, and by name only if the first one over the cap is equal to the last one
    within it.
    """
    standing = _not_removed(candidates, theirs.taken)
    if keys := theirs.keys:
        standing = [candidate for candidate in standing if candidate.key not in keys or candidate.tag in theirs.ours]
    if len(standing) > max_tags:
        standing.sort(key=_BY_CONFIDENCE, reverse=True)
        standing.sort(key=_BY_PRIORITY, reverse=True)
        last, next_ = standing[max_tags - 1], standing[max_tags]
        if (last.priority, last.confidence) == (next_.priority, next_.confidence):
            standing = _ranked(standing)
    return standing[:max_tags]


def _not_removed(candidates: TagCandidates, taken: frozenset[str]) -> list[TagCandidate]:
    standing = list(candidates.values())
    return [candidate for candidate in standing if candidate.key not in taken] if taken else standing


def _ranked(candidates: list[TagCandidate]) -> list[TagCandidate]:
    found = ranked(candidates, _BY_TAG)
    if any([candidate.priority for candidate in found]):
        found.sort(key=_BY_PRIORITY, reverse=True)  # priority counts most; the sort is stable
    return found


def _add_implied(
    candidates: TagCandidates, implied: ImpliedTag, confidence: float, how: OutcomeKind, path: str
) -> None:
    if implied.refused:
        return
    key, priority = implied.tag_key, implied.priority
    known = candidates.get(key)
    if known is None:
        candidates[key] = TagCandidate(
            implied.tag, key, confidence, priority, implied.sources, None, implied, how, path
        )
        return
    if known.confidence < confidence:
        known.confidence, known.raised = confidence, path
    if known.priority < priority:
        known.priority = priority
    if known.sources is not implied.sources and implied.key not in known.sources:
        known.sources += implied.sources
