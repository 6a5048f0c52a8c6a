"""Questions at random about one asset: stored in its state, for the review queue. Nothing is called or audited."""

from autotag.domain.errors import TooLarge
from autotag.domain.model.messages import AskSample
from autotag.domain.review.samples import with_samples
from autotag.domain.state.asset_state import is_deleted
from autotag.service.context import Dependencies, decided_with, retry_conflicts, rules_for

_Tags = tuple[str, ...]


def apply_sample(deps: Dependencies, message: AskSample) -> None:
    """Ask what ``message`` requests, as far as it fits the asset; a repeated message asks nothing again.

    Under an open intent the questions are stored beside it: no intent's outcome has any. A question that has no room is
    not asked. Raises ``Retryable`` if the rules of the asset cannot be loaded yet.
    """

    def attempt() -> _Tags | None:
        state = deps.store.load(message.asset_id)
        if state is None or is_deleted(state) or state.asset.version != message.version:
            deps.telemetry.count("Stale")
            return ()
        known = with_samples(state, message, rules_for(deps, state).ruleset, decided_with(deps, state))
        if known is state:
            deps.telemetry.count("Duplicate")
            return ()
        try:
            stored = deps.store.put(known, expected=state)
        except TooLarge as error:
            deps.telemetry.warn("sample_dropped", asset_id=message.asset_id, fault=str(error))
            return ()
        tags = tuple(sample.tag for key, sample in known.samples.items() if key not in state.samples)
        return tags if stored is not None else None

    tags = retry_conflicts(message.asset_id, attempt)
    if tags:
        deps.telemetry.info("sampled", asset_id=message.asset_id, tags=list(tags), by=message.by)
