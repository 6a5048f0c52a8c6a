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

_TURN_ON = 'make deploy SET="Rekognition=url DetectPerDay=1000"'

Asked = Literal["asked", "read", "none", "spent"]
"""``read``: the asset must be read first; ``none``: there is nothing to ask; ``spent``: no unit is left."""


class Unit:
    """The unit of ``run`` for one asset: spent once, however often its state changes meanwhile."""

    def __init__(self, deps: Dependencies, run: Run) -> None:
        self._deps, self._run = deps, run
        self._spent = False

    def spend(self) -> bool:
        """Spend it, if it is not spent yet; return False if the run has none left."""
        self._spent = self._spent or self._deps.runs.spend(self._run, 1, 1)
        return self._spent

    def give_back(self) -> None:
        """Give it back, if it was spent: another process has asked, or there is nothing to ask any more."""
        if self._spent:
            self._deps.runs.spend(self._run, -1, -1)
            self._spent = False


def why_not(deps: Dependencies) -> str:
    """Return why Rekognition cannot be asked, or ""."""
    if deps.detection is None:
        return f"Rekognition is off in this stack, or DetectPerDay is 0: {_TURN_ON}"
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


def ask_about_known(deps: Dependencies, unit: Unit, ref: AssetRef, trigger: Trigger, remaining: Remaining) -> Asked:
    """Store the wish to ask about a known version, without a read; spends ``unit``."""
    while True:
        state = deps.store.load(ref.asset_id)
        if state is None or state.facts is None or state.intent is not None or ref.version > state.asset.version:
            return "read"
        if not is_open(deps, ref, state):
            unit.give_back()
            return "none"
        if not unit.spend():
            return "spent"
        wish = wanted(state, trigger, deps.clock.now())
        if decide_and_execute(deps, wish, state, trigger, remaining) != "lost":
            return "asked"


def is_asked_after_read(deps: Dependencies, found: LabelsObserved) -> bool:
    """Return whether a read asset is to be asked about."""
    state = deps.store.load(found.asset.asset_id)
    merged = merge(state, found)
    return merged is not None and is_wanted(merged, state, deps.rules.active().ruleset, again=True)
