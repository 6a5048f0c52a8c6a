"""The last decision on an asset: a sentence for each label, and where its rule stands."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from autotag.domain.model.audit import Audit
from autotag.domain.sentences.labels import explain_labels
from autotag.domain.sentences.picture import PersonChange
from autotag.domain.sentences.sentence import Sentence

_MADE_BY_PEOPLE = ("person", "review")
_TAGS = ("kept", "parent", "added")


class Decision(Struct, frozen=True):
    """A decision. ``tags`` are the sentences about labels that became tags, or wait; ``others`` about all others."""

    audit: Audit
    tags: tuple[Sentence, ...]
    others: tuple[Sentence, ...]


def last_decision(audits: Iterable[Audit], people: Mapping[str, PersonChange]) -> Decision | None:
    """Return the newest decision that has a reason for each label; ``audits`` begin with the newest one."""
    found = (audit for audit in audits if audit.labels and audit.trigger.kind not in _MADE_BY_PEOPLE)
    audit = next(found, None)
    if audit is None:
        return None
    told = list(zip(audit.labels, explain_labels(audit, people), strict=True))
    first = (*_TAGS, "review")
    return Decision(
        audit,
        _sentences(told, [each.outcome in first for each in audit.labels]),
        _sentences(told, [each.outcome not in first for each in audit.labels]),
    )


def _sentences(told: Sequence[tuple[object, Sentence]], wanted: Sequence[bool]) -> tuple[Sentence, ...]:
    return tuple(sentence for (_, sentence), is_wanted in zip(told, wanted, strict=True) if is_wanted)
