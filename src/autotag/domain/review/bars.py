"""The bars that held when a person judged a tag: those of the rules that the asset was decided on with."""

from typing import NamedTuple

from msgspec.structs import replace

from autotag.domain.decisions.evaluate import complete_labels, subject_of
from autotag.domain.decisions.label_selection import select_for
from autotag.domain.model.audit import parts_of
from autotag.domain.model.labels import label_key, unusable
from autotag.domain.model.verdicts import RULES_DIGITS, Bar
from autotag.domain.rules.compiled.label_plan import LabelPlan
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.compiled.settings import label_bar
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag.domain.state.claim import inputs_of
from autotag.domain.state.tag_ownership import ECHO_SLACK


class BarredLabel(NamedTuple):
    """A label of an asset that gives a tag under some rules, with its ``plan`` and its ``bar`` there."""

    plan: LabelPlan
    confidence: float
    bar: Bar

    @property
    def names(self) -> frozenset[str]:
        """The keys of the label, of its tag, and of the tag before case and prefix."""
        return frozenset((self.plan.key, self.plan.tag_key, self.plan.name_key))

    @property
    def kept(self) -> bool:
        """Whether the label reaches its threshold."""
        return self.confidence >= self.bar.threshold


def barred_labels(state: AssetState, ruleset: Ruleset) -> list[BarredLabel]:
    """Return the labels of the asset that ``ruleset`` neither refuses nor skips, the most confident first."""
    inputs = inputs_of(state, ruleset)
    selected, settings = select_for(complete_labels(inputs), subject_of(inputs, ruleset), ruleset)
    if settings.skip:
        return []
    found: dict[str, BarredLabel] = {}
    for label, provider in selected.with_providers():
        plan = settings.label_plans.lookup(label.name)
        if unusable(label) or plan.refused:
            continue
        barred = BarredLabel(plan, label.confidence, label_bar(plan, provider, settings))
        if plan.key not in found or (barred.kept and not found[plan.key].kept):
            found[plan.key] = barred  # of several providers' labels, one that reaches its bar
    return list(found.values())


class Held(NamedTuple):
    """The version of the rules that held at some time, shortened, and the labels under them.

    ``rules`` is "" if it is not known; ``labels`` is empty if the rules of that version are not at hand.
    """

    rules: str = ""
    labels: tuple[BarredLabel, ...] = ()


def held_at(state: AssetState, at: int, ruleset: Ruleset | None) -> Held:
    """Return what held at ``at`` (ms), when a person said something about the asset, as far as that is known.

    ``ruleset`` are the rules of the last decision on ``state``, None if they are not at hand. Nothing is known of an
    older picture, nor of a time before what was last done to the asset: it may have been decided on by then. For that
    the clocks may differ by ``ECHO_SLACK``.
    """
    claimed_at = parts_of(state.intent.audit_id).at if state.intent else state.final_at
    if at < state.asset.version * 1000 or at + ECHO_SLACK < max(state.final_at, claimed_at):
        return Held()
    rules = state.rules_version[:RULES_DIGITS]
    if ruleset is None or ruleset.version != state.rules_version:
        return Held(rules)
    return Held(rules, tuple(barred_labels(state, ruleset)))


def is_new(state: AssetState, known: AssetState, key: str, at: int) -> bool:
    """Return whether ``known``, derived from ``state``, has a preference of ``at`` (ms) that ``state`` has not."""
    before, after = state.people.get(key), known.people.get(key)
    return after is not None and after.at == at and not after.withdrawn and (before is None or before.at != at)


def with_bars(state: AssetState, known: AssetState, at: int, held: Held) -> AssetState:
    """Return ``known`` with the bars beside the preferences of ``at`` (ms) that ``state`` has not."""
    people = {
        key: replace(said, rules=held.rules, bars=_bars(key, said, held)) if is_new(state, known, key, at) else said
        for key, said in known.people.items()
    }
    return replace(known, people=people)


def _bars(key: str, said: TagPreference, held: Held) -> dict[str, Bar]:
    """Return the bars of the labels that a preference about the tag with that key is about."""
    labels = frozenset(map(label_key, said.labels))
    return {label.plan.key: label.bar for label in held.labels if key in label.names or label.plan.key in labels}
