"""Questions at random about labels of any confidence: about which tags one may be asked, and under which bar."""

from msgspec.structs import replace

from autotag.domain.decisions.evaluate import subject_of
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.model.messages import AskSample
from autotag.domain.model.verdicts import RULES_DIGITS, Bar, Sample
from autotag.domain.review.bars import barred_labels
from autotag.domain.review.waiting import UNIT
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.claim import inputs_of
from autotag.domain.state.tag_ownership import active_preferences, suppressed


def with_samples(state: AssetState, message: AskSample, active: Ruleset, decided: Ruleset | None) -> AssetState:
    """Return ``state`` with a question for each label in ``message`` that the ``active`` rules turn into a tag.

    No question is asked about a tag that a person has decided on or put there, and none a second time. Its bar is that
    of the rules that the asset was ``decided`` on with; the active ones', if those are not at hand or refuse the label.
    """
    now = {label.plan.key: label for label in barred_labels(state, active)}
    then = _bars(state, decided) if decided else {}
    closed = _decided_by_people(state, active)
    managed = {label_key(tag): tag for tag in state.managed_tags}
    samples = dict(state.samples)
    for key in dict.fromkeys(map(label_key, message.labels)):
        label = now.get(key)
        if label is None or label.plan.tag_key in samples or not closed.isdisjoint(label.names):
            continue
        version, bar = then.get(key, (active.version, label.bar))
        tag_key = label.plan.tag_key
        samples[tag_key] = Sample(
            at=message.observed_at,
            tag=managed.get(tag_key, label.plan.tag),
            label=key,
            confidence=max(1, round(label.confidence * UNIT)),
            rules=version[:RULES_DIGITS],
            bar=bar,
        )
    return state if len(samples) == len(state.samples) else replace(state, samples=samples)


def _bars(state: AssetState, ruleset: Ruleset) -> dict[str, tuple[str, Bar]]:
    """Return the version of ``ruleset`` and the bar of each label under it, by key."""
    return {label.plan.key: (ruleset.version, label.bar) for label in barred_labels(state, ruleset)}


def _decided_by_people(state: AssetState, ruleset: Ruleset) -> frozenset[str]:
    """Return the keys of the tags and labels that people have decided on, and of their tags on the asset."""
    user_tags = subject_of(inputs_of(state, ruleset), ruleset).user_tags
    return suppressed(state).union(active_preferences(state), label_keys(user_tags))
