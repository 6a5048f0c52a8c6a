"""``backfill --detect``: Rekognition is asked about listed images without labels of it, known ones without a read."""

from typing import Literal

from autotag.domain.detection.claims import can_be_asked, is_wanted, wanted
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.audit import Trigger
from autotag.domain.model.labels import REKOGNITION
from autotag.domain.model.messages import LabelsObserved
from autotag.domain.runs.run import Run
from autotag.domain.state.asset_state import AssetState, is_deleted
from autotag.domain.state.merge import merge
from autotag.service.context import Dependencies, Remaining
from autotag.service.tagging.decide import decide_and_execute

Asked = Literal["asked", "read", "none", "spent"]
"""``read``: the asset must be read first; ``none``: there is nothing to ask; ``spent``: no unit is left."""


def why_not(deps: Dependencies) -> str:
    """Return why Rekognition cannot be asked, or ""."""
    if deps.detection is None:
        return "Rekognition is off in this stack: make deploy SET=Rekognition=url"
    if REKOGNITION not in deps.rules.active().ruleset.providers:
        return 'the rules do not name the provider "rekognition"'
    return ""


def is_open(deps: Dependencies, ref: AssetRef, state: AssetState | None) -> bool:
    """Return whether a call seems due for a listed asset; for one that is not known, as far as its list shows."""
    if not can_be_asked(ref):
        return False
    if state is None or state.facts is None or ref.version > state.asset.version:
        return True
    return not is_deleted(state) and is_wanted(state, state, deps.rules.active().ruleset, again=True)


def ask_about_known(deps: Dependencies, run: Run, ref: AssetRef, trigger: Trigger, remaining: Remaining) -> Asked:
    """Store the wish to ask about a known version, without a read; spends a unit of the run."""
    while True:
        state = deps.store.load(ref.asset_id)
        if state is None or state.facts is None or state.intent is not None or ref.version > state.asset.version:
            return "read"
        if not is_open(deps, ref, state):
            return "none"
        if not deps.runs.spend(run, 1, 1):
            return "spent"
        wish = wanted(state, trigger, deps.clock.now())
        if decide_and_execute(deps, wish, state, trigger, remaining) != "lost":
            return "asked"


def is_asked_after_read(deps: Dependencies, found: LabelsObserved) -> bool:
    """Return whether a read asset is to be asked about."""
    state = deps.store.load(found.asset.asset_id)
    merged = merge(state, found)
    return merged is not None and is_wanted(merged, state, deps.rules.active().ruleset, again=True)
