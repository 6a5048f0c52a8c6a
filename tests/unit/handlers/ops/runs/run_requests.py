"""What operators ask about runs, and what becomes of them."""

from typing import Any

from tests.unit.handlers.ops.ops_requests import Ops

ADA = "arn:aws:sts::123456789012:assumed-role/team/ada"
STRICT = '[defaults]\nthreshold = 0.9\n[labels.People]\ntag = "crowd"\n'
NOBODY = "f" * 32


def start(ops: Ops, **asked: Any) -> str:
    """Let Ada start a retag, or what is asked instead; return the id of the run."""
    status, run = ops.ask_as(ADA, {"op": "run_start", "action": "retag", **asked})
    assert status == 200, run
    return str(run["id"])


def show(ops: Ops, run: str, *, advance: bool = False) -> dict[str, Any]:
    """Return a run as an operator sees it."""
    status, shown = ops.ask({"op": "run_show", "run": run, "advance": advance})
    assert status == 200, shown
    return dict(shown)


def tags(ops: Ops) -> dict[str, set[str]]:
    """Return the tags of each asset in Cloudinary."""
    return {asset_id: set(body["tags"]) for asset_id, body in ops.fakes.cloudinary.assets.items()}
