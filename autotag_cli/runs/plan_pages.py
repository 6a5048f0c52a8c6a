"""What a run would change, page by page, from several parts of the table at once."""

from collections.abc import Iterator
from typing import Any, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef
from autotag.domain.runs.run import SEGMENTS
from autotag.service.runs.requests import PlanRun
from autotag_cli.errors import Failure
from autotag_cli.stack.scan_segments import from_segments

_PAGE = 200


class Planned(Struct, frozen=True):
    """One asset and what would change: the tags, and which tags a person is asked about from then on."""

    asset: AssetRef
    add: tuple[str, ...]
    remove: tuple[str, ...]
    review: tuple[str, ...]


class Page(Struct, frozen=True):
    """Those of ``seen`` assets that would change, and where the next page begins; None: this was the last one."""

    seen: int
    assets: tuple[Planned, ...]
    cursor: str | None


class Plans(Protocol):
    """Who answers pages."""

    def plan_run(self, asked: PlanRun) -> dict[str, Any]:
        """Return one page as the ops function answers it."""
        ...


def pages(ops: Plans, asked: PlanRun) -> Iterator[Page]:
    """Yield all pages of all segments as they come in; one request of each is under way, and as many are in memory.

    Raises ``Failure`` where a page cannot be had.
    """

    def fetch(segment: int, cursor: str) -> Page:
        try:
            return msgspec.convert(ops.plan_run(replace(asked, segment=segment, cursor=cursor, limit=_PAGE)), Page)
        except msgspec.ValidationError as error:
            raise Failure(f"this version of autotag does not know the answer's form ({error})") from error

    for _, page in from_segments(fetch, dict.fromkeys(range(SEGMENTS), "")):
        yield page
