"""Deciding on an asset as a whole: a function of the audit's ``Inputs`` and the rules, and of nothing else.

The live path and a replay call the same functions on the same record, so a replay cannot leave anything out.
"""

from collections.abc import Iterable
from typing import NamedTuple

from autotag.domain.decisions.decide import Decision, decide
from autotag.domain.decisions.tag_providers import staying
from autotag.domain.model.asset import Facts
from autotag.domain.model.audit import AuditOutcome, Inputs, TagChange
from autotag.domain.model.labels import Label, label_key
from autotag.domain.model.outcome import LabelOutcome, Mode
from autotag.domain.rules.compiled.ruleset import Rulebook, Subject


class Verdict(NamedTuple):
    """A decision about an asset as a whole. ``decision`` is None where nothing could be decided, for ``reason``.

    With a decision, ``reason`` tells what stays for lack of a provider's labels, if anything does. ``judged``: it
    follows from the asset and the rules alone, so that a replay comes to the same.
    """

    outcome: AuditOutcome
    reason: str = ""
    decision: Decision | None = None
    judged: bool = False


class Change(NamedTuple):
    """What a verdict means for the asset: the audit's own fields, and ``ours``, the tags of ours from then on.

    With mode ``dry_run``, ``tags`` are what would have been written; ``ours`` is None where it stays as it is."""

    outcome: AuditOutcome
    mode: Mode
    tags: TagChange
    labels: tuple[LabelOutcome, ...] = ()
    ours: dict[str, tuple[str, ...]] | None = None


def judge(inputs: Inputs, rulebook: Rulebook) -> Verdict:
    """Decide with what there is; pending labels that never came count as timed out."""
    considered = inputs.categorizations
    complete = complete_labels(inputs)
    failed = [f"{provider}: {found.error}" for provider, found in considered.items() if found.status == "failed"]
    if complete:
        decision = decide(complete, subject_of(inputs, rulebook), rulebook)
        if decision.skip:
            return Verdict("skipped", f"{decision.skip} leaves these assets alone", decision, judged=True)
        return Verdict("tagged", _unheard(inputs, decision), decision, judged=True)
    pending = [provider for provider, found in considered.items() if found.status == "pending"]
    if pending:
        return Verdict("timed_out", f"{', '.join(pending)} was still pending at the deadline", judged=True)
    if failed:
        return Verdict("failed", "; ".join(failed), judged=True)
    missing = f"the asset has no categorization by {' or '.join(rulebook.providers)}"
    return Verdict("skipped", missing, judged=True)


def change(verdict: Verdict, inputs: Inputs, rulebook: Rulebook) -> Change:
    """Compare what was decided with what is on the asset."""
    decision = verdict.decision
    mode = decision.mode if decision else "apply"
    theirs, ours = _tags(inputs, rulebook)
    before = (*theirs, *(tag for tag in ours if tag not in theirs))
    if decision is None or verdict.outcome != "tagged":
        return Change(verdict.outcome, mode, TagChange(before, (), ()))
    present = set(decision.present)
    wanted = [tag for tag in decision.tags if tag not in present]
    there = set(ours).difference(inputs.missing)
    add = tuple(tag for tag in wanted if tag not in there)
    stay = staying(decision, inputs.unheard)
    remove = tuple(sorted(set(ours).difference(wanted, stay)))
    return Change(
        outcome="tagged" if (add or remove) and mode != "dry_run" else "unchanged",
        mode=mode,
        tags=TagChange(before, add, remove, decision.review),
        labels=decision.labels,
        ours={tag: decision.sources[tag] for tag in wanted} | {tag: inputs.unheard[tag] for tag in stay},
    )


def adopted(inputs: Inputs, rulebook: Rulebook) -> dict[str, tuple[str, ...]]:
    """Return the tags that Cloudinary's ``auto_tagging`` assigned, with their labels, if the rules adopt them.

    They are those that equal a returned label; a tag that a person is known to have added is never adopted.
    """
    if not rulebook.adopts:
        return {}
    labels = {label_key(label.name) for found in inputs.categorizations.values() for label in found.labels}
    labels.difference_update(map(label_key, inputs.people))
    return {tag: (key,) for tag in inputs.theirs if (key := label_key(tag)) in labels}


def complete_labels(inputs: Inputs) -> dict[str, tuple[Label, ...]]:
    """Return the labels of the providers that are through."""
    return {name: found.labels for name, found in inputs.categorizations.items() if found.status == "complete"}


def _unheard(inputs: Inputs, decision: Decision) -> str:
    stay = staying(decision, inputs.unheard)
    if not stay:
        return ""
    silent = [(name, found) for name, found in inputs.categorizations.items() if found.status != "complete"]
    why = [f"{name}: {found.error}" if found.error else f"{name} was still pending" for name, found in silent]
    return f"{', '.join(stay)} {'stays' if len(stay) == 1 else 'stay'} for lack of labels ({'; '.join(why)})"


def subject_of(inputs: Inputs, rulebook: Rulebook) -> Subject:
    """Return what rules may ask of the asset."""
    facts = inputs.facts if isinstance(inputs.facts, Facts) else None
    theirs, ours = _tags(inputs, rulebook)
    return Subject(
        folder=facts.folder if facts else "",
        format=facts.format if facts else "",
        context=facts.context if facts else {},
        tags=theirs,
        ours=frozenset(ours),
        suppressed=frozenset(inputs.suppressed),
    )


def skipped_by(facts: Facts, ours: Iterable[str], rulebook: Rulebook) -> str:
    """Return the rule that leaves an asset alone whatever labels it will have, or "" where none does."""
    theirs = tuple(tag for tag in facts.tags if tag not in set(ours))
    return rulebook.settings_for(Subject(facts.folder, facts.format, facts.context, theirs), {}).skip


def _tags(inputs: Inputs, rulebook: Rulebook) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return people's tags and ours, once what the rules adopt is ours."""
    taken = adopted(inputs, rulebook)
    theirs = tuple(tag for tag in inputs.theirs if tag not in taken)
    return theirs, (*inputs.ours, *(tag for tag in taken if tag not in inputs.ours))
