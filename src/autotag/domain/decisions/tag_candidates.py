"""Tags in the making: labels that share a tag merge, parents and additions join, people's tags and the cap tell apart.

Nothing here explains anything, so that who asks for the tags alone pays for no more.
"""

from collections.abc import Iterable
from operator import attrgetter

from msgspec import Struct

from autotag.domain.decisions.ranking import ranked
from autotag.domain.model.labels import OF_NAMES, Label
from autotag.domain.model.outcome import Outcome
from autotag.domain.rules.compiled.label_plan import ImpliedTag, Prospect
from autotag.domain.rules.compiled.settings import Settings

_BY_TAG, _BY_CONFIDENCE, _BY_PRIORITY = attrgetter("tag"), attrgetter("confidence"), attrgetter("priority")


class Candidate(Struct, gc=False):
    """One tag in the making, spelt as ``leader`` gives it, the most confident of its labels.

    Where no label gives it, ``leader`` is None and ``implied`` is what a rule implies, at the path ``because``.
    ``sources`` are the keys of its labels and of its names; ``explain`` adds those of labels that are not the leader.
    ``outcome`` and ``because`` are what becomes of it and why; "" is for reaching the leader's bar. ``raised`` is the
    path of the rule that gives it too, with the higher ``confidence``.
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
    raised: str = ""


Candidates = dict[str, Candidate]
"""By the key of the tag."""


Kept = list[tuple[Label, Prospect]]
"""Labels that reach their bar, the most confident first, each with its prospect."""


class Theirs(Struct, frozen=True, gc=False):
    """What people have to do with an asset's tags: the ``keys`` of theirs, which tags are ``ours``, and what they took.

    ``suppressed`` are the keys of tags and labels that they took away, ``taken`` those of the tags that this concerns.
    """

    keys: frozenset[str]
    ours: frozenset[str]
    suppressed: frozenset[str]
    taken: frozenset[str]


class Settled(Struct, frozen=True, gc=False):
    """What becomes of the candidates: ``final`` are in order, ``present`` those of them that are people's."""

    final: list[Candidate]
    present: list[Candidate]
    over: list[Candidate]
    taken: list[Candidate]


def reaching(labels: Iterable[Label], settings: Settings) -> Kept:
    """Return those of ``labels``, the most confident first, that reach their own bar, or else the settings'."""
    prospects, threshold = settings.prospects, settings.threshold
    return [
        (label, prospect)
        for label in labels
        if label.confidence >= (threshold if (prospect := prospects[label.name]).bar is None else prospect.bar)
        and (not label.fault or label.fault in OF_NAMES)
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


def taken_away(kept: Kept, settings: Settings, suppressed: frozenset[str]) -> frozenset[str]:
    """Return the keys of the tags that a person took away: as they are spelt, or by a name that now gives them."""
    gave = {p.tag_key for _, p in kept if p.name_key in suppressed and p.key not in suppressed}
    implied = [parent for _, prospect in kept for parent, _ in prospect.implies]
    implied += [settings.prospects.implied(name) for name, _ in settings.add]
    gave.update([each.tag_key for each in implied if each.key in suppressed and not each.refused])
    return suppressed | gave


def settle(candidates: Candidates, max_tags: int, theirs: Theirs) -> Settled:
    """Tell apart those that stay, those over the cap and those that a person took away; people's own fill no place."""
    standing = _ranked(_standing(candidates, theirs.taken))
    taken = [c for c in candidates.values() if c.key in theirs.taken] if theirs.taken else []
    if not theirs.keys:
        return Settled(standing[:max_tags], [], standing[max_tags:], taken)
    keys, ours = theirs.keys, theirs.ours
    present = [candidate for candidate in standing if candidate.key in keys and candidate.tag not in ours]
    if not present:
        return Settled(standing[:max_tags], [], standing[max_tags:], taken)
    spared = {candidate.key for candidate in present}
    over = [candidate for candidate in standing if candidate.key not in spared][max_tags:]
    dropped = {candidate.key for candidate in over}
    return Settled([candidate for candidate in standing if candidate.key not in dropped], present, over, taken)


def survivors(candidates: Candidates, max_tags: int, theirs: Theirs) -> list[Candidate]:
    """Return those that stay as ours, in no order: only where some do not are they ranked, and by name at the edge."""
    standing = _standing(candidates, theirs.taken)
    if keys := theirs.keys:
        standing = [candidate for candidate in standing if candidate.key not in keys or candidate.tag in theirs.ours]
    if len(standing) > max_tags:
        standing.sort(key=_BY_CONFIDENCE, reverse=True)
        standing.sort(key=_BY_PRIORITY, reverse=True)
        last, next_ = standing[max_tags - 1], standing[max_tags]
        if (last.priority, last.confidence) == (next_.priority, next_.confidence):
            standing = _ranked(standing)
    return standing[:max_tags]


def _standing(candidates: Candidates, taken: frozenset[str]) -> list[Candidate]:
    standing = list(candidates.values())
    return [candidate for candidate in standing if candidate.key not in taken] if taken else standing


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
        known.confidence, known.raised = confidence, path
    if known.priority < priority:
        known.priority = priority
    if known.sources is not implied.sources and implied.key not in known.sources:
        known.sources += implied.sources
