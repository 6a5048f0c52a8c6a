"""What deciding again from stored labels would change on an asset."""

from typing import NamedTuple

from autotag.domain.decisions.evaluate import Verdict, change, judge
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.state.asset_state import AssetState, is_deleted
from autotag.domain.state.claim import inputs_of, is_pending


class Difference(NamedTuple):
    """The tags that are added and removed, and those that a person is asked about from then on."""

    add: tuple[str, ...]
    remove: tuple[str, ...]
    review: tuple[str, ...]


class Retagging(NamedTuple):
    """The verdict to be claimed, and the difference that it makes."""

    verdict: Verdict
    difference: Difference


def retagging(state: AssetState, rulebook: Rulebook) -> Retagging | None:
    """Return what ``rulebook`` would change, or None where that is nothing, or where nothing can be decided.

    Nothing is decided on an asset that is gone, whose labels are still to come, or of which nothing but labels is
    known. What the rules skip, or what failed, keeps its tags.
    """
    if is_deleted(state) or state.facts is None or is_pending(state, rulebook):
        return None
    inputs = inputs_of(state, rulebook)
    verdict = judge(inputs, rulebook)
    if verdict.outcome != "tagged":
        return None
    planned = change(verdict, inputs, rulebook)
    if planned.mode == "dry_run":
        return None
    difference = Difference(planned.tags.added, planned.tags.removed, planned.tags.review)
    same = not difference.add and not difference.remove and difference.review == state.review
    return None if same and planned.ours == state.ours else Retagging(verdict, difference)
