"""Pages of a library whose assets need changes that are mixed in different ways."""

from collections.abc import Sequence
from itertools import cycle
from typing import NamedTuple
from zlib import crc32

from msgspec.structs import replace

from autotag.domain.runs.run import SEGMENTS
from autotag.domain.state.asset_state import AssetState
from bench.library.generated_assets import generated_states

RULES = '[defaults]\nthreshold = 0.87\nprefix = "ai-"\n'
"""The assets have ten tags without a prefix: all go and others come, so every change takes two calls."""

ONLY_ADDS = "[defaults]\nthreshold = 0.87\n"
"""The tags stay and others come: one call."""


class Mix(NamedTuple):
    """A page: the sizes of its sets of alike assets, in the order of the table, and rules that change all of them.

    Of ``gone`` of three assets, the items are those of deleted ones.
    """

    sizes: Sequence[int]
    rules: str = RULES
    gone: int = 0


def mixes(assets: int) -> dict[str, Mix]:
    """Return pages from alike to unlike by their description."""
    uneven = _filled((1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233), assets)
    return {
        "all alike": Mix([assets]),
        "a hundred changes": Mix(_filled((assets // 100,), assets)),
        "sets of 126, of which no two fit into a message": Mix(_filled((126,), assets)),
        "sets of 1 to 233": Mix(uneven),
        "sets of 1 to 233, a third deleted": Mix(uneven, gone=1),
        "all different": Mix([1] * assets),
        "all different, a third deleted": Mix([1] * assets, gone=1),
        "all different, one operation": Mix([1] * assets, ONLY_ADDS),
    }


def _filled(sizes: Sequence[int], assets: int) -> list[int]:
    """Return ``sizes``, repeated, up to so many assets."""
    found, left = list[int](), assets
    for size in cycle(sizes):
        if left <= 0:
            break
        found.append(min(size, left))
        left -= found[-1]
    return found


def states_of(mix: Mix) -> list[AssetState]:
    """Return the states of a page, whose ids are all in the first segment of the fakes' table."""
    ids = (f"{number:032x}" for number in range(10**9) if crc32(f"{number:032x}".encode()) % SEGMENTS == 0)
    unlike = generated_states(range(len(mix.sizes)))
    found: list[AssetState] = []
    for state, size in zip(unlike, mix.sizes, strict=True):
        for _ in range(size):
            asset_id = next(ids)
            status = "gone" if mix.gone and len(found) % 3 < mix.gone else state.status
            asset = replace(state.asset, asset_id=asset_id, public_id=f"library/{asset_id}")
            found.append(replace(state, asset=asset, status=status, rules_seq=0))
    return found
