"""Tag candidates: merge labels that share a tag, add implied tags, then apply people's changes and the cap.

Explanations are made elsewhere, so that a caller that needs only the tags does not pay for them.
"""

from collections.abc import Iterable
from operator import attrgetter

from msgspec import Struct

from autotag.domain.decisions.ancestors import NO_ANCESTORS, AncestorNames, implied_ancestors
from autotag.domain.decisions.ranking import ranked
from autotag.domain.model.labels import NAME_FAULTS, Label
from autotag.domain.model.outcome import OutcomeKind
from autotag.domain.rules.compiled.implied_tag import ImpliedTag
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.settings import Settings

_BY_TAG, _BY_CONFIDENCE, _BY_PRIORITY = attrgetter("tag"), attrgetter("confidence"), attrgetter("priority")


class TagCandidate(Struct, gc=False):
    """One possible tag, in the spelling of ``leader``, the most confident of its labels.

    If no label gives it, ``leader`` is None, ``implied`` is the implied tag, ``because`` the path of its rule or why.
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


class AssetTags(Struct, frozen=True, gc=False):
    """The tags on an asset before the decision, and those that people removed from it.

    ``user_keys`` are the keys of people's tags, ``managed`` the managed tags. ``suppressed`` are the keys of the tags
    and labels that people removed; ``removed_keys`` are the keys of the tags that must therefore stay away.
    """

    user_keys: frozenset[str]
    managed: frozenset[str]
    suppressed: frozenset[str]
    removed_keys: frozenset[str]


class RankedTags(Struct, frozen=True, gc=False):
    """The candidates by outcome: ``final`` stay, in order; ``present`` are those of them that are people's tags.

    ``over_max`` exceed the cap, ``removed`` were removed by a person.
    """

    final: list[TagCandidate]
    present: list[TagCandidate]
    over_max: list[TagCandidate]
    removed: list[TagCandidate]


def at_or_above_threshold(labels: Iterable[Label], settings: Settings) -> KeptLabels:
    """Return those of ``labels`` that reach their own threshold, or else that of the settings, in the given order."""
    cached, lookup, threshold = settings.label_plans.entries.get, settings.label_plans.lookup, settings.threshold
    return [
        (label, plan)
        for label in labels
        if label.confidence
        >= (threshold if (plan := cached(label.name) or lookup(label.name)).bar is None else plan.bar)
        and (not label.fault or label.fault in NAME_FAULTS)
    ]


def collect_tags(
    kept: KeptLabels, settings: Settings, suppressed: frozenset[str], ancestors: AncestorNames = NO_ANCESTORS
) -> TagCandidates:
    """Return every tag that ``kept`` labels, the most confident first, their ``ancestors`` and blocks' ``add`` give.

    Denied tags are left out. Tags that a person removed are included.
    """
    candidates: TagCandidates = {}
    implying: KeptLabels = []
    for label, plan in kept:
        if plan.implies:
            implying.append((label, plan))
        if suppressed and plan.key in suppressed:  # its parents stay, the tag itself does not
            continue
        key, priority = plan.tag_key, plan.priority
        candidate = candidates.get(key)
        if candidate is None:
            candidates[key] = TagCandidate(plan.tag, key, label.confidence, priority, plan.sources, label)
        elif candidate.priority < priority:
            candidate.priority = priority
    for label, plan in implying:  # a parent's most confident child comes first, so its confidence and path count
        for parent, path in plan.implies:
            _add_implied(candidates, parent, label.confidence, "parent", path)
    for ancestor, label, why in implied_ancestors(kept, settings, ancestors, suppressed) if ancestors else ():
        _add_implied(candidates, ancestor, label.confidence, "parent", why)
    for name, path in settings.add:
        _add_implied(candidates, settings.label_plans.implied(name), 1.0, "added", path)
    return candidates


def removed_tag_keys(
    kept: KeptLabels, settings: Settings, suppressed: frozenset[str], ancestors: AncestorNames = NO_ANCESTORS
) -> frozenset[str]:
    """Return the keys of the tags that a person removed: by the tag itself, or by a name that now gives the tag."""
    keys = {p.tag_key for _, p in kept if p.name_key in suppressed and p.key not in suppressed}
    implied = [parent for _, plan in kept for parent, _ in plan.implies]
    implied += [settings.label_plans.implied(name) for name, _ in settings.add]
    implied += [ancestor for ancestor, _, _ in implied_ancestors(kept, settings, ancestors, suppressed)]
    keys.update([tag.tag_key for tag in implied if not tag.refused and tag.name_key in suppressed])
    if words := settings.label_plans.keys_of_words:
        keys.update([words[name] for name in suppressed if name in words])
    return suppressed | keys


def rank_and_cap(candidates: TagCandidates, max_tags: int, asset_tags: AssetTags) -> RankedTags:
    """Split candidates: staying, over the cap, removed by a person. People's tags do not count toward the cap."""
    removed_keys, user_keys = asset_tags.removed_keys, asset_tags.user_keys
    remaining = ranking_of(_not_removed(candidates, removed_keys))
    removed = [c for c in candidates.values() if c.key in removed_keys] if removed_keys else []
    managed = asset_tags.managed
    if not user_keys or not (present := [c for c in remaining if c.key in user_keys and c.tag not in managed]):
        return RankedTags(remaining[:max_tags], [], remaining[max_tags:], removed)
    present_keys = {candidate.key for candidate in present}
    over_max = [candidate for candidate in remaining if candidate.key not in present_keys][max_tags:]
    dropped_keys = {candidate.key for candidate in over_max}
    final = [candidate for candidate in remaining if candidate.key not in dropped_keys]
    return RankedTags(final, present, over_max, removed)


def surviving_tags(candidates: TagCandidates, max_tags: int, asset_tags: AssetTags) -> list[TagCandidate]:
    """Return the candidates that stay as managed tags, in any order.

    They are ranked only if some exceed the cap, and by name only if the first one over the cap is equal to the last one
    within it.
    """
    remaining = _not_removed(candidates, asset_tags.removed_keys)
    if user_keys := asset_tags.user_keys:
        remaining = [c for c in remaining if c.key not in user_keys or c.tag in asset_tags.managed]
    if len(remaining) > max_tags:
        remaining.sort(key=_BY_CONFIDENCE, reverse=True)
        remaining.sort(key=_BY_PRIORITY, reverse=True)
        last, next_ = remaining[max_tags - 1], remaining[max_tags]
        if (last.priority, last.confidence) == (next_.priority, next_.confidence):
            remaining = ranking_of(remaining)
    return remaining[:max_tags]


def _not_removed(candidates: TagCandidates, removed_keys: frozenset[str]) -> list[TagCandidate]:
    remaining = list(candidates.values())
    return [candidate for candidate in remaining if candidate.key not in removed_keys] if removed_keys else remaining


def ranking_of(candidates: Iterable[TagCandidate]) -> list[TagCandidate]:
    """Return candidates by descending priority, then by confidence, then by name."""
    ranking = list(candidates)
    last = 2.0
    for candidate in ranking:  # mostly they are in order: without the check a decision takes longer
        if candidate.priority or candidate.confidence >= last:
            ranking = ranked(ranking, _BY_TAG)
            ranking.sort(key=_BY_PRIORITY, reverse=True)  # priority counts most; the sort is stable
            break
        last = candidate.confidence
    return ranking


def _add_implied(
    candidates: TagCandidates, implied: ImpliedTag, confidence: float, how: OutcomeKind, path: str
) -> None:
    if implied.refused:
        return
    key, priority, sources = implied.tag_key, implied.priority, implied.sources
    candidate = candidates.get(key)
    if candidate is None:
        candidates[key] = TagCandidate(implied.tag, key, confidence, priority, sources, None, implied, how, path)
        return
    if candidate.confidence < confidence:
        candidate.confidence, candidate.raised = confidence, path
    if candidate.priority < priority:
        candidate.priority = priority
    if candidate.sources is not sources:
        candidate.sources += tuple([source for source in sources if source not in candidate.sources])
