"""The replay: decide again from an audit and its rules, with the code that decides live, and report differences."""

from collections.abc import Iterable

from msgspec import UNSET, UnsetType

from autotag import ENGINE_VERSION
from autotag.domain.decisions.evaluate import judge, plan_tags
from autotag.domain.model.audit import Audit, Decided, Inputs
from autotag.domain.model.outcome import LabelOutcome
from autotag.domain.rules.compiled.ruleset import Rulebook


def has_decision(audit: Audit) -> bool:
    """Return whether ``audit`` has a decision to repeat: not if a person acted, or if the asset was already gone."""
    return audit.inputs is not UNSET and (audit.outcome != "gone" or audit.decided is not UNSET)


def replay(audit: Audit, rulebook: Rulebook) -> tuple[str, ...]:
    """Return the differences between ``audit`` and what ``rulebook`` decides from its inputs, one sentence each.

    An empty result means that the same would be decided again. ``rulebook`` is of the version that the audit names.
    """
    inputs = audit.inputs
    if not isinstance(inputs, Inputs) or not has_decision(audit):
        return ()
    verdict = judge(inputs, rulebook)
    again = plan_tags(verdict, inputs, rulebook)
    known = audit.decided
    recorded = known if isinstance(known, Decided) else Decided(audit.outcome, audit.tags, audit.reason)
    compared = (
        ("outcome", recorded.outcome, again.outcome),
        ("reason", recorded.reason, verdict.reason or UNSET),
        ("mode", audit.mode, again.mode),
        ("tags before", recorded.tags.before, again.tags.before),
        ("tags added", recorded.tags.added, again.tags.added),
        ("tags removed", recorded.tags.removed, again.tags.removed),
        ("tags to review", recorded.tags.review, again.tags.review),
    )
    found = [f"{what}: recorded {_text(old)}, now {_text(new)}" for what, old, new in compared if old != new]
    found += _labels(audit.labels, again.labels)
    if found and audit.engine != ENGINE_VERSION:
        found.append(f"engine {audit.engine} decided, engine {ENGINE_VERSION} decided again")
    return tuple(found)


def _labels(recorded: tuple[LabelOutcome, ...], again: tuple[LabelOutcome, ...]) -> Iterable[str]:
    if recorded == again:
        return
    old = {(found.label, found.provider): found for found in recorded}
    new = {(found.label, found.provider): found for found in again}
    if old == new:
        yield "labels: recorded in another order"
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before != after:
            name, provider = key
            source = f" of {provider}" if provider else ""
            yield f'label "{name}"{source}: recorded {_outcome(before)}, now {_outcome(after)}'


def _outcome(found: LabelOutcome | None) -> str:
    if found is None:
        return "nothing"
    tag = f' as "{found.tag}"' if found.tag else ""
    bar = "" if found.threshold is None else f", threshold {found.threshold}"
    return f"{found.outcome}{tag} ({found.confidence}{bar}, {found.because})"


def _text(value: str | tuple[str, ...] | UnsetType) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return value if isinstance(value, str) else "none"
