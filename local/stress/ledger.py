"""The outcome of every asset of a long test, read from Cloudinary and from both tables."""

from collections import Counter
from dataclasses import dataclass

from local.clients.simulator_control import simulator_control
from local.clients.tables import asset_states, audit_records, is_unfinished
from local.stack.stack import Stack


@dataclass(frozen=True)
class Ledger:
    """Counts of assets. ``lost`` have no audit of their last version, or other tags than decided. ``double`` counts
    surplus audits, ``unfinished`` assets with unfinished work, such as open intents and unsent events."""

    assets: int
    audits: int
    lost: int
    double: int
    unfinished: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, done twice or left unfinished."""
        return not (self.lost or self.double or self.unfinished)


def read_ledger(stack: Stack) -> Ledger:
    """Return the counts, from a comparison of Cloudinary's assets with the states and the audits."""
    assets = simulator_control(stack, "GET", "assets")["assets"]
    states = {state.asset.asset_id: state for state in asset_states(stack)}
    audits = Counter((audit["asset"]["asset_id"], audit["asset"]["version"]) for audit in audit_records(stack))
    lost = 0
    for asset in assets:
        state = states.get(asset["asset_id"])
        audited = audits[asset["asset_id"], asset["version"]]
        if state is None or not audited or set(asset.get("tags", [])) != set(state.managed_tags):
            lost += 1
    return Ledger(
        assets=len(assets),
        audits=sum(audits.values()),
        lost=lost,
        double=sum(count - 1 for count in audits.values()),
        unfinished=sum(map(is_unfinished, states.values())),
    )
