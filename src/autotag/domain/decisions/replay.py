"""The replay: decide again from an audit and its rules, with the code that decides live, and report the differences."""

from collections import Counter
from collections.abc import Iterable

from msgspec import UNSET, UnsetType

from autotag import ENGINE_VERSION
from autotag.domain.decisions.evaluate import evaluate, plan_tags
from autotag.domain.model.audit import Audit, Decided, Inputs
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.rules.compiled.ruleset import Ruleset


def has_decision(audit: Audit) -> bool:
    """Return whether ``audit`` has a decision to repeat: not if a person acted, or if the asset was already gone."""
    return audit.inputs is not UNSET and (audit.outcome != "gone" or audit.decided is not UNSET)


def replay(audit: Audit, ruleset: Ruleset) -> tuple[str, ...]:
    """Return the differences between ``audit`` and what ``ruleset`` decides from its inputs, one sentence each.

    An empty result means that the same would be decided again. ``ruleset`` is of the version that the audit names.
    """
    inputs = audit.inputs
    if not isinstance(inputs, Inputs) or not has_decision(audit):
        return ()
    verdict = evaluate(inputs, ruleset)
    again = plan_tags(verdict, inputs, ruleset)
    decided = audit.decided
    recorded = decided if isinstance(decided, Decided) else Decided(audit.outcome, audit.tags, audit.reason)
    compared = (
        ("outcome", recorded.outcome, again.outcome),
        ("reason", recorded.reason, verdict.reason or UNSET),
        ("mode", audit.mode, again.mode),
        ("tags before", recorded.tags.before, again.tags.before),
        ("tags added", recorded.tags.added, again.tags.added),
        ("tags removed", recorded.tags.removed, again.tags.removed),
        ("tags to review", recorded.tags.review, again.tags.review),
    )
    differences = [f"{what}: recorded {_text(old)}, now {_text(new)}" for what, old, new in compared if old != new]
    differences += _label_differences(audit.labels, again.labels)
    if differences and audit.engine != ENGINE_VERSION:
        differences.append(f"engine {audit.engine} decided, engine {ENGINE_VERSION} decided again")
    return tuple(differences)


def _label_differences(recorded: tuple[LabelOutcome, ...], again: tuple[LabelOutcome, ...]) -> Iterable[str]:
    if recorded == again:
        return
    old, new = _by_label(recorded), _by_label(again)
    if old == new:
        yield "labels: recorded in another order"
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before != after:
            name, provider, _ = key
            source = f" of {provider}" if provider else ""
            yield f'label "{name}"{source}: recorded {_outcome_text(before)}, now {_outcome_text(after)}'


def _by_label(outcomes: Iterable[LabelOutcome]) -> dict[tuple[str, str | None, int], LabelOutcome]:
    """Return outcomes by label and provider; of a tag in several languages there is one for each."""
    found: dict[tuple[str, str | None, int], LabelOutcome] = {}
    before: Counter[tuple[str, str | None]] = Counter()
    for each in outcomes:
        key = (each.label, each.provider)
        found[*key, before[key]] = each
        before[key] += 1
    return found


def _outcome_text(outcome: LabelOutcome | None) -> str:
    if outcome is None:
        return "nothing"
    tag = f' as "{outcome.tag}"' if outcome.tag else ""
    threshold = "" if outcome.threshold is None else f", threshold {outcome.threshold}"
    return f"{outcome.outcome}{tag} ({outcome.confidence}{threshold}, {outcome.because})"


def _text(value: str | tuple[str, ...] | UnsetType) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return value if isinstance(value, str) else "none"
