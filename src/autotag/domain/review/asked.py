"""The questions that an asset waits with: the tags in review, and the samples that nobody has answered."""

from autotag.domain.model.labels import label_key
from autotag.domain.model.verdicts import Sample
from autotag.domain.review.waiting import SAMPLED
from autotag.domain.state.asset_state import AssetState, asked_confidences
from autotag.domain.state.tag_ownership import active_preferences


def waiting_samples(state: AssetState) -> dict[str, Sample]:
    """Return the samples that are neither answered nor, by now, about a tag that a person has decided on."""
    if not state.samples or state.status == "gone":
        return {}
    held = active_preferences(state)
    return {key: sample for key, sample in state.samples.items() if not sample.answer and key not in held}


def asked_tags(state: AssetState) -> tuple[str, ...]:
    """Return the tags that reviewers are asked about, each once: those in review first."""
    tags = {label_key(tag): tag for tag in state.review}
    return (*state.review, *(sample.tag for key, sample in waiting_samples(state).items() if key not in tags))


def asked_since(state: AssetState) -> int:
    """Return since when the asset waits for a reviewer (ms), 0 if it does not."""
    times = [sample.at for sample in waiting_samples(state).values()]
    if state.review:
        times.append(state.asked_at or state.final_at)
    return min(times, default=0)


def indexed_asks(state: AssetState) -> dict[str, int]:
    """Return the confidences of the questions by tag key, as the index holds them (see ``waiting_asset``)."""
    asks = asked_confidences(state)
    for key, sample in waiting_samples(state).items():
        asks[key] = SAMPLED + (asks.get(key) or sample.confidence)
    return asks
