"""What would change on an asset if other rules decided: tags alone, for this is asked about every asset at once."""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.decisions.decide import decide, decide_tags
from autotag.domain.decisions.label_selection import Considered, considered
from autotag.domain.decisions.tag_candidates import Kept, reaching
from autotag.domain.decisions.tag_providers import staying
from autotag.domain.model.labels import Label, label_key
from autotag.domain.rules.compiled.ruleset import Rulebook, Subject
from autotag.domain.rules.compiled.settings import Settings

Tags = frozenset[str]

_NONE: Tags = frozenset()

Unheard = Mapping[str, tuple[str, ...]]
"""Machine tags that a provider gave whose labels could not be had, with what they stand for."""


class _Side(Struct, frozen=True):
    """All that the tags under one of the two depend on."""

    subject: Subject
    rulebook: Rulebook
    settings: Settings
    kept: Kept
    unheard: Unheard


def compare(
    labels: Mapping[str, Iterable[Label]],
    subject: Subject,
    old: Rulebook,
    new: Rulebook,
    *,
    people: Tags = _NONE,
    unheard: tuple[Unheard, Unheard] = ({}, {}),
) -> tuple[Tags, Tags]:
    """Return the tags that an asset would gain, and those that it would lose, were ``new`` to decide, not ``old``.

    ``labels`` maps a provider to its labels. An asset that rules skip keeps what it has. Mode ``dry_run`` does not
    count: the question is what would be written. ``people`` are the keys of the tags that a person is known to have
    changed: rules with ``auto_tagged = "adopt"`` adopt any other tag of the asset that equals a label. ``unheard`` are
    the tags that stay under either for lack of a provider's labels.
    """
    asked = considered(labels, old.providers)
    before = _side(asked, subject, old, people, unheard[0])
    if new.providers != old.providers:
        asked = considered(labels, new.providers)
    after = _side(asked, subject, new, people, unheard[1])
    if _decide_alike(before, after):
        return _NONE, _NONE
    had, gets = _tags(before, labels), _tags(after, labels)
    return gets - had, had - gets


def _side(asked: Considered, subject: Subject, rulebook: Rulebook, people: Tags, unheard: Unheard) -> _Side:
    if rulebook.adopts:
        adopted = [tag for tag in subject.tags if (key := label_key(tag)) in asked.by_key and key not in people]
        theirs = tuple(tag for tag in subject.tags if tag not in adopted)
        subject = replace(subject, tags=theirs, ours=subject.ours.union(adopted))
    settings = rulebook.settings_for(subject, asked.by_key)
    return _Side(subject, rulebook, settings, reaching(asked.labels, settings), unheard)


def _decide_alike(one: _Side, other: _Side) -> bool:
    """Whether nothing that tags depend on differs: most rules that change concern few assets."""
    a, b = one.settings, other.settings
    return (
        (a.max_tags, bool(a.skip), one.subject) == (b.max_tags, bool(b.skip), other.subject)
        and one.kept == other.kept
        and one.unheard == other.unheard
        and [a.prospects.implied(tag) for tag, _ in a.add] == [b.prospects.implied(tag) for tag, _ in b.add]
    )


def _tags(side: _Side, labels: Mapping[str, Iterable[Label]]) -> Tags:
    """Return all tags of the asset once the rules had their way."""
    if side.settings.skip:
        return side.subject.ours.union(side.subject.tags)
    if side.unheard:  # seldom: what stays depends on what each tag stands for
        decision = decide(labels, side.subject, side.rulebook)
        ours = frozenset(decision.tags).difference(decision.present)
        return ours.union(staying(decision, side.unheard), side.subject.tags)
    return decide_tags(side.kept, side.settings, side.subject).union(side.subject.tags)
