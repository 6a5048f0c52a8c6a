"""The decision: which labels become tags, and why each of them did or did not.

Pure functions. docs/rules.md fixes the order of evaluation, so that a second implementation gives the same result. The
result never depends on the order of the labels.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from autotag.domain.decisions.agreement import JudgedLabels, judge
from autotag.domain.decisions.ancestors import dropped_ancestors
from autotag.domain.decisions.explanation import Explainer, explain_implied
from autotag.domain.decisions.explanation_by_provider import explain_each
from autotag.domain.decisions.label_selection import SelectedLabels, select_for
from autotag.domain.decisions.tag_candidates import (
    AssetTags,
    KeptLabels,
    TagCandidate,
    TagCandidates,
    at_or_above_threshold,
    collect_tags,
    rank_and_cap,
    removed_tag_keys,
    surviving_tags,
)
from autotag.domain.model.labels import Label, label_key
from autotag.domain.model.outcome import PRESENT, SUPPRESSED, LabelOutcome, Mode
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.compiled.settings import Settings


class Decision(Struct, frozen=True, gc=False):
    """A decision on one asset.

    ``tags`` are the final tags in order, including those that people already put on the asset (``present``).
    ``sources`` maps each tag to what it stands for: the keys of its labels, and of its name before case and prefix.
    ``review`` are the tags to ask a reviewer about. ``skip`` is the path of the rule that skips the asset, or "".
    ``room`` is how many more tags the cap allows.
    """

    tags: tuple[str, ...]
    present: tuple[str, ...]
    sources: dict[str, tuple[str, ...]]
    review: tuple[str, ...]
    labels: tuple[LabelOutcome, ...]
    mode: Mode
    skip: str = ""
    room: int = 0

    @property
    def several(self) -> bool:
        """Whether a tag may be written in several languages."""
        return False


class DecisionInLanguages(Decision, frozen=True, gc=False):
    """A decision under rules that may write a tag in several languages."""

    @property
    def several(self) -> bool:
        """Whether a tag may be written in several languages."""
        return True


_NONE_DROPPED: Mapping[str, str] = {}
_NO_KEYS: frozenset[str] = frozenset()
_NO_TAGS = AssetTags(_NO_KEYS, _NO_KEYS, _NO_KEYS, _NO_KEYS)


def decide(labels: Mapping[str, Iterable[Label]], subject: Subject, ruleset: Ruleset) -> Decision:
    """Decide on one asset. ``labels`` maps a provider to its labels."""
    selected, settings = select_for(labels, subject, ruleset)
    if settings.skip:
        return Decision((), (), {}, (), (), settings.mode, settings.skip)
    judged = judge(selected, settings) if selected.providers else None
    kept = judged.kept if judged else at_or_above_threshold(selected.labels, settings)
    dropped = dropped_ancestors(kept, settings, subject.ancestors) if subject.ancestors else _NONE_DROPPED
    if dropped:
        kept = [each for each in kept if each[1].key not in dropped]
    candidates = collect_tags(kept, settings, subject.suppressed, subject.ancestors)
    asset_tags = _asset_tags(kept, settings, subject)
    languages = settings.label_plans.languages
    if languages is not None and languages.several:
        return _in_all_languages(selected, judged, candidates, settings, asset_tags, dropped)
    ranked = rank_and_cap(candidates, settings.max_tags, asset_tags)
    final, present = ranked.final, ranked.present
    for candidate in present:
        candidate.outcome, candidate.because = "present", PRESENT
    for candidate in ranked.over_max:
        candidate.outcome, candidate.because = "over_max", settings.max_tags_path
    for candidate in ranked.removed:
        candidate.outcome, candidate.because = "suppressed", SUPPRESSED
    if languages is not None:
        # imported here since only rules with several languages need it: cold starts are shorter
        from autotag.domain.decisions.languages.tags import mark_translated

        mark_translated(final, settings.label_plans)
    explainer = Explainer(settings, candidates, asset_tags, dropped)
    outcomes = explain_each(explainer, selected, judged) if judged else explainer.explain_labels(selected)
    outcomes += explain_implied(candidates.values())
    return Decision(
        tags=tuple([candidate.tag for candidate in final]),
        present=tuple([candidate.tag for candidate in present]),
        sources={each.tag: each.sources for each in final} if languages is None else _with_words(final, settings),
        review=tuple(explainer.review.values()),
        labels=tuple(outcomes),
        mode=settings.mode,
        room=settings.max_tags - len(final) + len(present),
    )


def _with_words(final: list[TagCandidate], settings: Settings) -> dict[str, tuple[str, ...]]:
    return {each.tag: settings.label_plans.stands_for(each.key, each.sources) for each in final}


def _in_all_languages(
    selected: SelectedLabels,
    judged: JudgedLabels | None,
    candidates: TagCandidates,
    settings: Settings,
    asset_tags: AssetTags,
    dropped: Mapping[str, str],
) -> Decision:
    """Return the decision where a tag may have words in several languages."""
    # imported here since only rules with several languages need it: cold starts are shorter
    from autotag.domain.decisions.languages.tags import mark_candidates, mark_translated, spoken_tags

    spoken = spoken_tags(candidates, settings, asset_tags)
    mark_candidates(spoken)
    mark_translated(candidates.values(), settings.label_plans)
    explainer = Explainer(settings, candidates, asset_tags, dropped, spoken.words)
    outcomes = explain_each(explainer, selected, judged) if judged else explainer.explain_labels(selected)
    staying = spoken.staying
    return DecisionInLanguages(
        tags=tuple([each.tag for each in staying.values()]),
        present=tuple([each.tag for each in staying.values() if each.outcome == "present"]),
        sources={each.tag: settings.label_plans.stands_for(key, spoken.sources(key)) for key, each in staying.items()},
        review=tuple(explainer.review.values()),
        labels=tuple(outcomes + explain_implied(candidates.values(), spoken.further)),
        mode=settings.mode,
        room=spoken.room,
    )


def decide_tags(kept: KeptLabels, settings: Settings, subject: Subject) -> frozenset[str]:
    """Return the managed tags that ``decide`` would give: its ``tags`` without those ``present``.

    ``kept`` are the labels that are kept under the ``settings`` for ``subject``, which must not skip it.
    """
    suppressed, max_tags = subject.suppressed, settings.max_tags
    implies = settings.ancestors == "imply" and bool(subject.ancestors)
    languages = settings.label_plans.languages
    several = languages is not None and languages.several
    if (
        several
        or suppressed
        or settings.add
        or implies
        or len(kept) > max_tags
        or any([plan.implies for _, plan in kept])
    ):
        candidates = collect_tags(kept, settings, suppressed, subject.ancestors)
        if several:
            # imported here since only rules with several languages need it: cold starts are shorter
            from autotag.domain.decisions.languages.tags import managed_in_all_languages

            return managed_in_all_languages(candidates, settings, _asset_tags(kept, settings, subject))
        surviving = surviving_tags(candidates, max_tags, _asset_tags(kept, settings, subject))
        return frozenset([candidate.tag for candidate in surviving])
    # no tag is added or dropped; among labels with the same tag, the most confident one gives the spelling
    tags = {plan.tag_key: plan.tag for _, plan in reversed(kept)}
    if not subject.user_tags:
        return frozenset(tags.values())
    user_keys, managed = frozenset(map(label_key, subject.user_tags)), subject.managed_tags
    return frozenset([tag for key, tag in tags.items() if key not in user_keys or tag in managed])


def _asset_tags(kept: KeptLabels, settings: Settings, subject: Subject) -> AssetTags:
    suppressed = subject.suppressed
    if not (suppressed or subject.user_tags or subject.managed_tags):  # a new image
        return _NO_TAGS
    return AssetTags(
        frozenset(map(label_key, subject.user_tags)),
        subject.managed_tags,
        suppressed,
        removed_tag_keys(kept, settings, suppressed, subject.ancestors) if suppressed else suppressed,
    )
