"""The last decision on an asset, in sentences about those labels that became no tags."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from autotag.domain.model.audit import Audit
from autotag.domain.sentences.labels import explain_labels
from autotag.domain.sentences.picture import PersonChange
from autotag.domain.sentences.sentence import Sentence

_MADE_BY_PEOPLE = ("person", "review")
_TAGS = ("kept", "parent", "added", "translated")


class Decision(Struct, frozen=True):
    """A decision. ``questions``: about labels that a person is asked about. ``others``: about labels without a tag."""

    audit: Audit
    questions: tuple[Sentence, ...]
    others: tuple[Sentence, ...]


def last_decision(audits: Iterable[Audit], people: Mapping[str, PersonChange]) -> Decision | None:
    """Return the newest decision that has a reason for each label; ``audits`` begin with the newest one."""
    found = (audit for audit in audits if audit.labels and audit.trigger.kind not in _MADE_BY_PEOPLE)
    audit = next(found, None)
    if audit is None:
        return None
    sentences = list(zip((each.outcome for each in audit.labels), explain_labels(audit, people), strict=True))
    return Decision(
        audit,
        tuple(sentence for outcome, sentence in sentences if outcome == "review"),
        tuple(sentence for outcome, sentence in sentences if outcome not in (*_TAGS, "review")),
    )
