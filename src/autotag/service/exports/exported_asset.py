"""One asset as scans and exports hold it."""

from typing import Any

from autotag.domain.model.labels import Categorization, label_key
from autotag.domain.model.verdicts import Left
from autotag.domain.state.asset_state import AssetState
from autotag.domain.state.tag_ownership import active_preferences, suppressed, user_tags_of
from autotag.domain.state.tags_present import added_alone


def exported(state: AssetState) -> dict[str, Any]:
    """Return what a scan and an export say of an asset: what rules decide on, the last decision, what people did."""
    user_tags, held = user_tags_of(state), active_preferences(state)
    incomplete = any(found.status != "complete" for found in state.categorizations.values())
    return {
        "asset": state.asset,
        "facts": state.facts,
        "categorizations": {name: _found(found) for name, found in state.categorizations.items()},
        "ours": list(state.managed_tags),
        "stands": state.managed_tags if incomplete else {},
        "givers": state.givers if incomplete else {},
        "theirs": user_tags,
        "people": [tag for tag in user_tags if (key := label_key(tag)) in held or added_alone(state, key)],
        "suppressed": sorted(suppressed(state)),
        "decided_by": state.rules_version,
        "decided_at": state.final_at,
        "status": state.status,
        "review": state.review,
        "wishes": [preference for preference in state.people.values() if not preference.withdrawn],
        "left": _still_left(state),
        "samples": state.samples,
    }


def _found(found: Categorization) -> dict[str, Any]:
    return {
        "status": found.status,
        "labels": found.labels,
        "observed_at": found.observed_at,
        "error": found.error,
    }


def _still_left(state: AssetState) -> dict[str, Left]:
    """Return the labels whose tags were left, but for those whose tags a person changed since, and took that back.

    What is withdrawn is in no scan, so its reader could not compare the times.
    """
    changed: dict[str, int] = {}
    for key, said in state.people.items():
        if said.withdrawn:
            changed |= {name: max(said.at, changed.get(name, 0)) for name in (key, *said.labels)}
    return {key: left for key, left in state.left.items() if changed.get(key, -1) < left.at}
