"""The decision: which labels become tags, and why each of them did or did not.

One pure function. The order of evaluation is the contract of docs/rules.md, so that a second implementation would
agree, and the result never depends on the order of the labels.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from autotag.domain.candidates import NO_RULE, Candidate, imply, settle
from autotag.domain.labels import MAX_TAG_LENGTH, Label, label_key
from autotag.domain.outcome import PRESENT, SUPPRESSED, LabelOutcome, Outcome
from autotag.domain.rulebook import CompiledLabel, Rulebook, Subject, format_tag
from autotag.domain.rules import Mode


class Decision(Struct, frozen=True):
    """``tags`` are the final machine tags in order, those already on the asset (``present``) included.

    ``sources`` tells for each tag the keys of the labels that it stands for, ``review`` the tags to ask a person about.
    ``skip`` names the rule that says to leave the asset alone, or is "".
    """

    tags: tuple[str, ...]
    present: tuple[str, ...]
    sources: dict[str, tuple[str, ...]]
    review: tuple[str, ...]
    labels: tuple[LabelOutcome, ...]
    mode: Mode
    skip: str = ""


def decide(labels: Mapping[str, Iterable[Label]], subject: Subject, rulebook: Rulebook) -> Decision:
    """Decide on one asset. ``labels`` maps a provider to its labels."""
    best, provider_of = _best(labels, rulebook.providers)
    settings = rulebook.settings_for(subject, best)
    if settings.skip:
        return Decision((), (), {}, (), (), settings.mode, settings.skip)
    outcomes: list[LabelOutcome] = []
    undecided: list[tuple[str, Label, str]] = []
    candidates: dict[str, Candidate] = {}
    kept: list[tuple[Label, CompiledLabel]] = []
    ordered = sorted(best.items(), key=lambda item: (-item[1].confidence, item[1].name, item[0]))
    for key, label in ordered:
        rule = settings.labels.get(key, NO_RULE)
        threshold, path = settings.threshold, settings.threshold_path
        if rule.threshold is not None:
            threshold, path = rule.threshold, rule.threshold_path
        name = label.name if rule.tag is None else rule.tag
        tag = format_tag(name, settings)
        tag_key = label_key(tag)
        because = path
        outcome: Outcome
        if label.fault or len(tag) > MAX_TAG_LENGTH:
            outcome, because = (
                "invalid",
                label.fault or f"the tag would have more than {MAX_TAG_LENGTH} characters",
            )
        elif not rulebook.deny.isdisjoint((key, label_key(name), tag_key)):
            outcome, because = "denied", "defaults.deny"
        elif rulebook.allow and key not in rulebook.allow:
            outcome, because = "not_allowed", "defaults.allow"
        elif label.confidence >= threshold:
            kept.append((label, rule))
            if key in subject.suppressed:  # its parents stand, the tag itself does not
                outcomes.append(
                    LabelOutcome(
                        label.name, provider_of[key], label.confidence, "suppressed", tag, threshold, SUPPRESSED
                    )
                )
                continue
            candidate = candidates.get(tag_key)
            if candidate is None:
                candidate = candidates[tag_key] = Candidate(tag, tag_key, name, label.confidence, rule.priority)
            candidate.priority = max(candidate.priority, rule.priority)
            candidate.members.append((key, label, path, rule))
            continue
        elif settings.review is not None and label.confidence >= settings.review:
            undecided.append((key, label, tag))
            continue
        else:
            outcome = "below_threshold"
        outcomes.append(LabelOutcome(label.name, provider_of[key], label.confidence, outcome, None, threshold, because))
    imply(candidates, kept, settings, rulebook.deny)
    final, sources, told = settle(candidates, settings, subject, provider_of)
    outcomes += told
    theirs = {label_key(tag) for tag in subject.tags}
    final_keys = {candidate.key for candidate in final}
    review: dict[str, str] = {}
    for key, label, tag in undecided:
        rule = settings.labels.get(key, NO_RULE)
        threshold = settings.threshold if rule.threshold is None else rule.threshold
        tag_key, outcome, because = label_key(tag), "review", settings.review_path
        if key in subject.suppressed or tag_key in subject.suppressed:
            outcome, because = "suppressed", SUPPRESSED
        elif tag_key in theirs:
            outcome, because = "present", PRESENT
        elif tag_key not in final_keys:
            review.setdefault(tag_key, tag)
        outcomes.append(LabelOutcome(label.name, provider_of[key], label.confidence, outcome, tag, threshold, because))
    outcomes.sort(key=lambda o: (o.provider is None, -o.confidence, o.label))
    return Decision(
        tags=tuple(candidate.tag for candidate in final),
        present=tuple(c.tag for c in final if c.key in theirs and c.tag not in subject.ours),
        sources=sources,
        review=tuple(review.values()),
        labels=tuple(outcomes),
        mode=settings.mode,
    )


def _best(labels: Mapping[str, Iterable[Label]], providers: Iterable[str]) -> tuple[dict[str, Label], dict[str, str]]:
    best: dict[str, Label] = {}
    provider_of: dict[str, str] = {}
    for provider in providers:
        for label in labels.get(provider, ()):
            key = label_key(label.name)
            other = best.get(key)
            if other is None or _rank(label) < _rank(other):
                best[key], provider_of[key] = label, provider
    return best, provider_of


def _rank(label: Label) -> tuple[bool, float, str, str]:
    return (bool(label.fault), -label.confidence, label.name, label.fault)
