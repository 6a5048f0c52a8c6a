"""The cost of a run at AWS. Cloudinary's calls and stored labels cost nothing."""

from autotag.domain.statistics.cost.bill import bill, times
from autotag.domain.statistics.cost.usage import RETAG_ASSET


def run_dollars(assets: int) -> float:
    """Return about how many dollars a run costs that changes so many assets."""
    return sum(bill(times(RETAG_ASSET, assets)).values())
