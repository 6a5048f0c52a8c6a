"""The change of an asset when it is decided on again from stored labels."""

from typing import NamedTuple

from autotag.domain.decisions.evaluate import AssetDecision, TagPlan, evaluate, plan_tags
from autotag.domain.model.labels import label_key
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import AssetState, asked_confidences, is_deleted
from autotag.domain.state.claim import inputs_of, is_pending


class Difference(NamedTuple):
    """The tags that are added and removed, and the tags that reviewers are asked about from then on.

    ``renamed`` pairs each removed tag with the added one that takes its place.
    """

    add: tuple[str, ...]
    remove: tuple[str, ...]
    review: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...] = ()


class Retagging(NamedTuple):
    """The verdict to claim, and the difference that it makes."""

    verdict: AssetDecision
    difference: Difference


def retagging(state: AssetState, ruleset: Ruleset) -> Retagging | None:
    """Return what ``ruleset`` would change, or None if it would change nothing or no decision is possible.

    No decision is possible if the asset is gone, labels are still to come, or its facts are not known. An asset that
    the rules skip, or whose categorization failed, keeps its tags. An asset whose questions an earlier release stored
    without their confidence is decided on again, too: then the index of the review queue knows them.
    """
    if is_deleted(state) or state.facts is None or is_pending(state, ruleset):
        return None
    inputs = inputs_of(state, ruleset)
    verdict = evaluate(inputs, ruleset)
    if verdict.outcome != "tagged":
        return None
    planned = plan_tags(verdict, inputs, ruleset)
    if planned.mode == "dry_run":
        return None
    renamed = _renamed(state, planned) if planned.tags.added and planned.tags.removed else ()
    difference = Difference(planned.tags.added, planned.tags.removed, planned.tags.review, renamed)
    same = not difference.add and not difference.remove and difference.review == state.review
    same = same and all(asked_confidences(state).values())
    return None if same and planned.managed_tags == state.managed_tags else Retagging(verdict, difference)


def _renamed(state: AssetState, planned: TagPlan) -> tuple[tuple[str, str], ...]:
    # imported here since few assets need it: cold starts are shorter
    from autotag.domain.decisions.renamed_tags import renamed_tags

    managed = planned.managed_tags or {}
    return renamed_tags(
        {tag: state.managed_tags.get(tag, (label_key(tag),)) for tag in planned.tags.removed},
        {tag: managed.get(tag, ()) for tag in planned.tags.added},
    )
