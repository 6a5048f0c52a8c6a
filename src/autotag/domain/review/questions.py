"""The questions to reviewers about an asset, computed from its state under the rules that are active now."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.decisions.evaluate import evaluate, subject_of
from autotag.domain.decisions.label_selection import select_for
from autotag.domain.model.labels import label_key
from autotag.domain.model.outcome import LabelOutcome, OutcomeKind
from autotag.domain.model.verdicts import Sample
from autotag.domain.review.waiting import asked_tags, waiting_samples
from autotag.domain.rules.compiled.label_plan import LabelPlans
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.compiled.settings import review_bar
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.claim import inputs_of


class Suggestion(Struct, frozen=True):
    """A label that a tag stands for; ``confidence`` is 0 to 1."""

    label: str
    provider: str | None
    confidence: float


class Question(Struct, frozen=True):
    """One tag that a reviewer is asked about, with its labels, the most confident first.

    Its labels are below ``threshold``, but reach ``review`` (both 0 to 1). ``because`` is the path of the rule that
    asks. ``asked`` is false if the active rules do not ask about the tag; ``because`` then says what they do.
    ``sample``: it is asked at random about a label, which may then have any confidence and its tag already.
    """

    tag: str
    labels: tuple[Suggestion, ...]
    threshold: float | None
    review: float | None
    because: str
    asked: bool = True
    sample: bool = False


class Questions(Struct, frozen=True):
    """The questions about an asset, the outcomes of their labels, as in audits, and their sources; each by tag key.

    ``stands``: the keys of a tag's labels and of its name before case and prefix; empty if it is not asked about.
    """

    by_key: dict[str, Question]
    outcomes: dict[str, tuple[LabelOutcome, ...]]
    stands: dict[str, tuple[str, ...]]

    def labels(self, tag: str) -> tuple[str, ...]:
        """Return the keys of what ``tag`` stands for; empty if the active rules do not ask about it."""
        return self.stands[label_key(tag)]


def questions(state: AssetState, ruleset: Ruleset) -> Questions:
    """Return the questions about ``state``, each tag with the outcome of its labels under ``ruleset``."""
    inputs = inputs_of(state, ruleset)
    decision = evaluate(inputs, ruleset).decision
    label_outcomes = decision.labels if decision else ()
    complete = {name: found.labels for name, found in inputs.categorizations.items() if found.status == "complete"}
    _, settings = select_for(complete, subject_of(inputs, ruleset), ruleset)
    by_tag: dict[str, Question] = {}
    outcomes: dict[str, tuple[LabelOutcome, ...]] = {}
    stands: dict[str, tuple[str, ...]] = {}
    samples = waiting_samples(state)
    for tag in asked_tags(state):
        key, sample = label_key(tag), samples.get(label_key(tag))
        found = tuple(each for each in label_outcomes if each.outcome == "review" and label_key(each.tag or "") == key)
        if sample is not None:
            found = _asked_at_random(sample, key, label_outcomes, settings.label_plans) or found
        names = {key} if sample is None else {key, sample.label}
        outcomes[key] = found or tuple(each for each in label_outcomes if not names.isdisjoint(_names(each)))
        sources = dict.fromkeys(k for each in found for k in settings.label_plans.lookup(each.label).sources)
        stands[key] = settings.label_plans.stands_for(key, tuple(sources))
        first = next(iter(outcomes[key]), None)
        bar = review_bar(settings.label_plans.lookup(first.label), settings) if first else settings.review
        question = _question(tag, found, bar) if found else _moot(tag, outcomes[key], bar)
        by_tag[key] = question if sample is None else replace(question, sample=True)
    return Questions(by_tag, outcomes, stands)


_CLOSED: frozenset[OutcomeKind] = frozenset({"invalid", "denied", "not_allowed", "suppressed", "present"})
"""Outcomes of a label about which no question is open: the rules refuse it, or a person has decided on its tag."""

_GIVING: frozenset[OutcomeKind] = frozenset({"kept", "merged", "review", "translated"})
"""Outcomes of a label that gives its tag, or asks about it, beside the label of a sample."""


def _asked_at_random(
    sample: Sample, key: str, outcomes: Iterable[LabelOutcome], plans: LabelPlans
) -> tuple[LabelOutcome, ...]:
    """Return the label of ``sample`` and those that give the same tag; none if that label does not give it any more."""
    given = [
        each
        for each in outcomes
        if each.provider is not None and each.outcome not in _CLOSED and plans.lookup(each.label).tag_key == key
    ]
    if all(label_key(each.label) != sample.label for each in given):
        return ()
    return tuple(each for each in given if each.outcome in _GIVING or label_key(each.label) == sample.label)


def stood_for(state: AssetState, ruleset: Ruleset, tags: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return what each tag stands for that ``ruleset`` gives the asset now, by tag key; people's tags included.

    A tag of ``tags`` that no label gives, or not yet, stands for its name without a prefix that ``ruleset`` uses.
    """
    decision = evaluate(inputs_of(state, ruleset), ruleset).decision
    found = {label_key(tag): names for tag, names in decision.sources.items()} if decision else {}
    for key in map(label_key, tags):
        begun = (prefix for prefix in ruleset.prefixes if key.startswith(prefix))
        bare = {label_key(key.removeprefix(prefix)) for prefix in begun} - {"", key}
        if bare:
            found.setdefault(key, tuple(sorted(bare)))
    return found


def _names(outcome: LabelOutcome) -> tuple[str, str]:
    return label_key(outcome.label), label_key(outcome.tag or "")


def _question(tag: str, found: tuple[LabelOutcome, ...], bar: float | None) -> Question:
    return Question(tag, _suggestions(found), found[0].threshold, bar, found[0].because)


def _moot(tag: str, found: tuple[LabelOutcome, ...], bar: float | None) -> Question:
    because = "no label gives it under the active rules"
    if found:
        because = f"under the active rules: {found[0].outcome.replace('_', ' ')}, {found[0].because}"
    return Question(tag, _suggestions(found), found[0].threshold if found else None, bar, because, asked=False)


def _suggestions(found: tuple[LabelOutcome, ...]) -> tuple[Suggestion, ...]:
    return tuple(Suggestion(each.label, each.provider, each.confidence) for each in found)
