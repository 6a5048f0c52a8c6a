"""Plans of runs: read page by page, in the background, and kept until the run is started or others take the place.

A plan holds for the rules under which it was made.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.errors import Conflict
from autotag.domain.runs.planned import PlanPage, PlanTotals
from autotag.domain.runs.run import SEGMENTS
from autotag.service.rules.publish import ShowRules
from autotag.service.runs.requests import PlanRun
from autotag_console.ask import ActiveRules, Ask, RulesAnswer, read_answer
from autotag_console.learning.background import Background, Report

_PAGE = 200
"""Assets of a page: those of a revert need a read of their history each."""

_MOST, _AT_ONCE = 8, 2
"""Plans that are kept, and those that are made at the same time."""


BEGINNING: Mapping[int, str] = dict.fromkeys(range(SEGMENTS), "")
"""The cursor with which each segment begins."""


class Plan(Struct, frozen=True):
    """What a run would change under the rules that were active at its beginning."""

    rules: ActiveRules
    totals: PlanTotals


def count_pages(
    ask: Ask, request: PlanRun, cursors: Mapping[int, str], totals: PlanTotals, pool: ThreadPoolExecutor
) -> dict[int, str]:
    """Count the next page of each segment in ``totals``; return where the segments that have more go on.

    Raises what ``Ask`` raises, and ``UnknownForm``; then nothing was counted.
    """

    def fetch(segment: int, cursor: str) -> PlanPage:
        return read_answer(ask(replace(request, segment=segment, cursor=cursor, limit=_PAGE)), PlanPage)

    pages = list(pool.map(fetch, cursors.keys(), cursors.values()))
    for page in pages:
        totals.add(page)
    left = zip(cursors, pages, strict=True)
    return {segment: page.cursor for segment, page in left if page.cursor is not None}


def plan_with(ask: Ask) -> Callable[[PlanRun, Report], Plan]:
    """Return the work that makes a plan; it raises what ``Ask`` raises, and ``UnknownForm``."""

    def plan(request: PlanRun, report: Report) -> Plan:
        rules, totals = read_answer(ask(ShowRules()), RulesAnswer).active, PlanTotals()
        cursors: Mapping[int, str] = BEGINNING
        with ThreadPoolExecutor(SEGMENTS) as pool:
            while cursors:
                cursors = count_pages(ask, request, cursors, totals, pool)
                report(totals.seen, not cursors, 0)
        return Plan(rules, totals)

    return plan


class Plans:
    """The plans of one process, by what is to be planned."""

    def __init__(self, ask: Ask) -> None:
        self._work = plan_with(ask)
        self._lock = threading.Lock()
        self._plans: dict[bytes, Background[PlanRun, Plan]] = {}

    def of(self, request: PlanRun) -> Background[PlanRun, Plan] | None:
        """Return the plan that is being made, or was made; None if there is none."""
        return self._plans.get(_key(request))

    def start(self, request: PlanRun) -> None:
        """Make a plan, also if there is an older one. Raises ``Conflict`` while too many others are being made."""
        with self._lock:
            going = [key for key, plan in self._plans.items() if plan.progress is not None]
            if len(set(going) - {_key(request)}) >= _AT_ONCE:
                raise Conflict(f"{_AT_ONCE} plans are being made: wait until one of them is done")
            for key in [key for key in self._plans if key not in going][: max(0, len(self._plans) - _MOST + 1)]:
                del self._plans[key]
            self._plans.setdefault(_key(request), Background(self._work)).start(request)

    def join(self) -> None:
        """Wait until the plans that are being made have ended."""
        for plan in list(self._plans.values()):
            plan.join()

    def forget(self, request: PlanRun) -> None:
        """Drop a plan that is carried out now: another run needs another plan."""
        with self._lock:
            self._plans.pop(_key(request), None)


def _key(request: PlanRun) -> bytes:
    return msgspec.json.encode(request)
