"""A library of fakes: assets that were decided on, runs over them, and workers and a poller that carry runs out."""

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import ProcessRunGroup
from autotag.domain.runs.progress import Segment, group_id, segment_of
from autotag.domain.runs.run import RATE, SEGMENTS, BackfillSource, Filter, RevertSelection, Run
from autotag.service.poller import advance_due_runs
from autotag.service.runs.plan import plan_page
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.runs import FakeBulkQueue
from tests.fakes.samples import resource, upload
from tests.unit.service.settle import come_to_rest

OLD = "[defaults]\nthreshold = 0.7\n"
NEW = '[defaults]\nthreshold = 0.9\n[labels.People]\ntag = "crowd"\n'

KINDS = ({"People": 0.99, "Guitar": 0.8}, {"People": 0.95, "Cat": 0.92}, {"Dog": 0.5}, {"Guitar": 0.75, "Cat": 0.99})
"""Labels of assets by turns."""


GROUP = group_id(0, "0", 0, 0)
"""The first group of a run."""


def pages_of(run: Run) -> int:
    """Return how many pages of a run were planned."""
    return sum(segment.pages for segment in run.segments.values())


def is_planned(run: Run) -> bool:
    """Return whether a run has looked at everything."""
    return all(segment.cursor is None for segment in run.segments.values())


class Library:
    """Fakes with ``size`` assets that were decided on under the old rules."""

    def __init__(self, size: int = 12, rules: str = OLD) -> None:
        self.fakes = Fakes(rules)
        self.bulk = FakeBulkQueue(self.fakes.effects)
        self.planner = self.fakes.planner(self.bulk)
        for n in range(size):
            body = resource(f"a{n}", KINDS[n % len(KINDS)], tags=("press",), public_id=f"stage/{n}")
            self.fakes.cloudinary.assets[f"a{n}"] = body
            handle(self.fakes.deps, upload(dict(body), digest=f"d{n}"), self.fakes.remaining)

    def tags(self) -> dict[str, set[str]]:
        """Return every asset's tags, as Cloudinary has them."""
        return {asset_id: set(body["tags"]) for asset_id, body in self.fakes.cloudinary.assets.items()}

    def run(
        self,
        action: str = "retag",
        *,
        filter: Filter = Filter(),  # noqa: B008 (immutable)
        undo: RevertSelection = RevertSelection(),  # noqa: B008
        listing: BackfillSource = BackfillSource(),  # noqa: B008
        max_calls: int = 0,
        rate: int = RATE,
        dry_run: bool = False,
    ) -> str:
        """Begin a run under the rules of now; return its id."""
        run = Run(
            id=self.fakes.clock.unique(),
            action=action,  # type: ignore[arg-type]
            by="an operator",
            created_at=self.fakes.clock.now(),
            filter=filter,
            undo=undo,
            listing=listing,
            rules_seq=self.fakes.rules.now[1],
            max_calls=max_calls,
            rate=rate,
            dry_run=dry_run,
        )
        self.fakes.runs.items[run.id] = run
        return run.id

    def run_of(self, run_id: str) -> Run:
        """Return a run as it is stored."""
        run = self.fakes.runs.load(run_id)
        assert run is not None
        return run

    def under_way(self, run_id: str, *groups: str) -> None:
        """Let a run have planned everything, with these groups under way."""
        runs = self.fakes.runs
        for name in self.run_of(run_id).segment_names:
            mine = frozenset(group for group in groups if segment_of(group) == name)
            runs.segments[run_id, name] = Segment(self.run_of(run_id).epoch, 1, None, groups=mine)

    def plan(self, run_id: str) -> dict[str, tuple[set[str], set[str]]]:
        """Return what a run would change, by asset, without changing anything."""
        run, found = self.run_of(run_id), {}
        for segment in range(SEGMENTS):
            cursor: str | None = ""
            while cursor is not None:
                planned, _, cursor = plan_page(self.planner, run, segment, cursor, 2)
                for state, change in planned:
                    difference = change.difference
                    found[state.asset.asset_id] = (set(difference.add), set(difference.remove))
        return found

    def poll(self) -> None:
        """One minute of the poller."""
        a_minute(self.fakes)
        advance_due_runs(self.fakes.deps, self.planner, self.fakes.remaining)

    def work(self) -> None:
        """Workers empty the queue; a message that fails comes again."""
        for _ in range(200):
            if not self.bulk.messages:
                return
            message = self.bulk.messages.pop(0)
            if not self.survives(message):
                self.fakes.clock.advance(360)
                self.bulk.messages.append(message)
        raise AssertionError("the queue is never empty")

    def survives(self, message: ProcessRunGroup) -> bool:
        """Carry a group out; False where the process died or the message must come again."""
        try:
            handle(self.fakes.deps, message, self.fakes.remaining)
        except (Died, Retryable):
            return False
        return True

    def finish(self, run_id: str) -> Run:
        """Let the poller and workers run until the run is not running any more, whoever dies meanwhile; return it."""
        for _ in range(50):
            if self.run_of(run_id).status != "running":
                break
            try:
                self.poll()
            except Died:
                continue
            finally:
                self.fakes.clock.advance(60)
            self.work()
        come_to_rest(self.fakes)
        return self.run_of(run_id)
