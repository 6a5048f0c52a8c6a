"""The decision on a whole asset: a function of the audit's ``Inputs`` and the rules only.

The live path and a replay call the same functions on the same record, so a replay cannot miss an input.
"""

from collections.abc import Iterable
from typing import NamedTuple

from autotag.domain.decisions.agreement import has_enough
from autotag.domain.decisions.ancestors import ancestors_in
from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.decisions.label_selection import select_for
from autotag.domain.decisions.tag_providers import retained_tags
from autotag.domain.model.asset import Facts
from autotag.domain.model.audit import AuditOutcome, Inputs, TagChange
from autotag.domain.model.labels import Label, label_key
from autotag.domain.model.outcome import LabelOutcome, Mode
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject


class AssetDecision(NamedTuple):
    """The decision on a whole asset. ``decision`` is None if nothing could be decided; ``reason`` then says why.

    With a decision, ``reason`` says which rule skips the asset, or which tags stay because a provider's labels are
    missing, or is "". ``judged``: it depends on the asset and the rules alone, so a replay gives the same.
    """

    outcome: AuditOutcome
    reason: str = ""
    decision: Decision | None = None
    judged: bool = False


class TagPlan(NamedTuple):
    """What a verdict changes on the asset: fields of the audit, and the managed tags from then on.

    In mode ``dry_run``, ``tags`` are what would have been written. ``managed_tags`` is None if they stay as they are.
    """

    outcome: AuditOutcome
    mode: Mode
    tags: TagChange
    labels: tuple[LabelOutcome, ...] = ()
    managed_tags: dict[str, tuple[str, ...]] | None = None


def evaluate(inputs: Inputs, ruleset: Ruleset) -> AssetDecision:
    """Decide with the labels that are there; labels that are still pending count as timed out."""
    complete = complete_labels(inputs)
    subject = subject_of(inputs, ruleset)
    if has_enough(complete, subject, ruleset):
        decision = decide(complete, subject, ruleset)
        if decision.skip:
            return AssetDecision("skipped", f"{decision.skip} leaves these assets alone", decision, judged=True)
        return AssetDecision("tagged", _why_retained(inputs, decision), decision, judged=True)
    results = inputs.categorizations.items()
    pending = [provider for provider, result in results if result.status == "pending"]
    if pending:
        return AssetDecision("timed_out", f"{', '.join(pending)} was still pending at the deadline", judged=True)
    failed = [f"{provider}: {result.error}" for provider, result in results if result.status == "failed"]
    if failed:
        return AssetDecision("failed", "; ".join(failed), judged=True)
    if complete:
        settings = select_for(complete, subject, ruleset)[1]
        return AssetDecision(
            "skipped", f"{settings.agree_path}: {len(complete)} of {settings.agree} have labels", judged=True
        )
    missing = f"the asset has no categorization by {' or '.join(ruleset.providers)}"
    return AssetDecision("skipped", missing, judged=True)


def plan_tags(verdict: AssetDecision, inputs: Inputs, ruleset: Ruleset) -> TagPlan:
    """Return what a verdict changes, compared with the tags on the asset."""
    decision = verdict.decision
    mode = decision.mode if decision else "apply"
    user_tags, managed_tags = _tags(inputs, ruleset)
    before = (*user_tags, *(tag for tag in managed_tags if tag not in user_tags))
    if decision is None or verdict.outcome != "tagged":
        return TagPlan(verdict.outcome, mode, TagChange(before, (), ()))
    present = set(decision.present)
    wanted = [tag for tag in decision.tags if tag not in present]
    on_asset = set(managed_tags).difference(inputs.missing)
    added = tuple(tag for tag in wanted if tag not in on_asset)
    retained = retained_tags(decision, inputs.unheard)
    removed = tuple(sorted(set(managed_tags).difference(wanted, retained)))
    return TagPlan(
        outcome="tagged" if (added or removed) and mode != "dry_run" else "unchanged",
        mode=mode,
        tags=TagChange(before, added, removed, decision.review),
        labels=decision.labels,
        managed_tags={tag: decision.sources[tag] for tag in wanted} | {tag: inputs.unheard[tag] for tag in retained},
    )


def adopted(inputs: Inputs, ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
    """Return the tags that Cloudinary's ``auto_tagging`` assigned, with their labels' keys, if the rules adopt them.

    These are the tags that equal a returned label, except those that a person is known to have changed.
    """
    if not ruleset.adopts:
        return {}
    labels = {label_key(label.name) for result in inputs.categorizations.values() for label in result.labels}
    labels.difference_update(map(label_key, inputs.people))
    return {tag: (key,) for tag in inputs.user_tags if (key := label_key(tag)) in labels}


def complete_labels(inputs: Inputs) -> dict[str, tuple[Label, ...]]:
    """Return the labels of the providers that completed."""
    return {name: result.labels for name, result in inputs.categorizations.items() if result.status == "complete"}


def _why_retained(inputs: Inputs, decision: Decision) -> str:
    """Return a sentence that says which tags stay for lack of labels, or ""."""
    retained = retained_tags(decision, inputs.unheard)
    if not retained:
        return ""
    missing = [(name, result) for name, result in inputs.categorizations.items() if result.status != "complete"]
    why = [f"{name}: {result.error}" if result.error else f"{name} was still pending" for name, result in missing]
    return f"{', '.join(retained)} {'stays' if len(retained) == 1 else 'stay'} for lack of labels ({'; '.join(why)})"


def subject_of(inputs: Inputs, ruleset: Ruleset) -> Subject:
    """Return what rules can test of the asset."""
    facts = inputs.facts if isinstance(inputs.facts, Facts) else None
    user_tags, managed_tags = _tags(inputs, ruleset)
    return Subject(
        folder=facts.folder if facts else "",
        format=facts.format if facts else "",
        context=facts.context if facts else {},
        user_tags=user_tags,
        managed_tags=frozenset(managed_tags),
        suppressed=frozenset(inputs.suppressed),
        resource_type=inputs.resource_type,
        metadata=facts.known_metadata if facts else {},
        ancestors=ancestors_in(inputs.categorizations),
    )


def skipped_by(facts: Facts, resource_type: str, managed_tags: Iterable[str], ruleset: Ruleset) -> str:
    """Return the path of the rule that skips an asset whatever its labels will be, or ""."""
    user_tags = tuple(tag for tag in facts.tags if tag not in set(managed_tags))
    subject = Subject(
        facts.folder,
        facts.format,
        facts.context,
        user_tags,
        resource_type=resource_type,
        metadata=facts.known_metadata,
    )
    return ruleset.settings_for(subject, None).skip


def _tags(inputs: Inputs, ruleset: Ruleset) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return people's tags and the managed tags, after adoption by the rules."""
    adoptable = adopted(inputs, ruleset)
    user_tags = tuple(tag for tag in inputs.user_tags if tag not in adoptable)
    return user_tags, (*inputs.managed_tags, *(tag for tag in adoptable if tag not in inputs.managed_tags))
