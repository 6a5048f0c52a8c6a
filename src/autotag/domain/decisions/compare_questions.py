"""The questions to people that would come and go on an asset under other rules."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from autotag.domain.decisions.compare import Tags, decides, with_adopted
from autotag.domain.decisions.decide import decide
from autotag.domain.decisions.label_selection import select_labels
from autotag.domain.model.labels import Label, label_keys
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject

_NONE: Tags = frozenset()


class ChangedQuestions(NamedTuple):
    """The keys of the tags that people are asked about under the new rules only, and under the old ones only."""

    asked: Tags
    unasked: Tags


NO_QUESTIONS = ChangedQuestions(_NONE, _NONE)


def changed_questions(
    labels: Mapping[str, Iterable[Label]], subject: Subject, old: Ruleset, new: Ruleset, *, people: Tags = _NONE
) -> ChangedQuestions:
    """Return the questions that come and go if ``new`` decided instead of ``old``; ``people`` as for ``changed_tags``.

    Until as many providers as ``new`` asks for have labels of the asset, rules change nothing on it.
    """
    if not decides(labels, subject, new, people):
        return NO_QUESTIONS
    before, after = _asked(labels, subject, old, people), _asked(labels, subject, new, people)
    return ChangedQuestions(after - before, before - after)


def _asked(labels: Mapping[str, Iterable[Label]], subject: Subject, ruleset: Ruleset, people: Tags) -> Tags:
    if ruleset.agree > 1 and not decides(labels, subject, ruleset, people):
        return _NONE
    selected = select_labels(labels, ruleset.providers)
    return label_keys(decide(labels, with_adopted(subject, selected, ruleset, people), ruleset).review)
