"""Bulk runs in memory, and their queue."""

from msgspec.structs import replace

from autotag.domain.model.messages import ProcessRunGroup, decode, encode
from autotag.domain.runs.run import Counts, Group, Run, RunStatus, initial_cursors
from tests.fakes.effects import Effects


class FakeRuns:
    """The ``RUN#`` items: every write of the port is one effect."""

    def __init__(self, effects: Effects) -> None:
        self.items: dict[str, Run] = {}
        self.effects = effects

    def create(self, run: Run) -> None:
        self.effects(lambda: None if run.id in self.items else self._set(run, run.created_at))

    def load(self, run_id: str) -> Run | None:
        return self.items.get(run_id)

    def recent(self) -> list[Run]:
        return list(self.items.values())[::-1][:50]

    def due(self, now: int) -> list[str]:
        running = [run for run in self.items.values() if run.status == "running" and run.due_at <= now]
        return [run.id for run in sorted(running, key=lambda run: run.due_at)]

    def postpone(self, run_id: str, due_at: int) -> None:
        run = self.items.get(run_id)
        if run is not None and run.status == "running":
            self._set(run, due_at)

    def hold(self, run_id: str, now: int, until: int) -> bool:
        run = self.items.get(run_id)
        if run is None or run.status != "running" or run.held_until > now:
            return False
        self._set(replace(run, held_until=until))
        return True

    def release(self, run_id: str, until: int) -> None:
        run = self.items.get(run_id)
        if run is not None and run.held_until == until:
            self._set(replace(run, held_until=0))

    def planned(self, run: Run, segment: str, cursor: str | None, groups: tuple[Group, ...], counts: Counts) -> bool:
        return self.effects(lambda: self._planned(run, segment, cursor, groups, counts))

    def _planned(self, run: Run, segment: str, cursor: str | None, groups: tuple[Group, ...], counts: Counts) -> bool:
        now = self.items.get(run.id)
        if now is None or (now.status, now.epoch, now.pages) != ("running", run.epoch, run.pages):
            return False
        if now.cursors.get(segment) != run.cursors[segment]:
            return False
        cursors = {name: at for name, at in now.cursors.items() if name != segment}
        if cursor is not None:
            cursors[segment] = cursor
        new = replace(
            now,
            cursors=cursors,
            pages=now.pages + 1,
            outbox=now.outbox | ({segment: groups} if groups else {}),
            groups=now.groups | {group.id for group in groups},
            counts=now.counts.plus(counts),
        )
        self._set(new)
        return True

    def queued(self, run: Run, segment: str, free_at: int) -> None:
        def empty() -> None:
            now = self.items.get(run.id)
            if now is not None and (now.epoch, now.pages) == (run.epoch, run.pages):
                left = {name: page for name, page in now.outbox.items() if name != segment}
                self._set(replace(now, outbox=left, free_at=free_at))

        self.effects(empty)

    def handled(self, run_id: str, group: str, counts: Counts) -> None:
        def take_off() -> None:
            run = self.items.get(run_id)
            if run is not None and group in run.groups:
                self._set(replace(run, groups=run.groups - {group}, counts=run.counts.plus(counts)))

        self.effects(take_off)

    def count(self, run_id: str, counts: Counts) -> None:
        run = self.items.get(run_id)
        if run is not None:
            self._set(replace(run, counts=run.counts.plus(counts)))

    def spend(self, run: Run, calls: int, units: int = 0) -> bool:
        now = self.items.get(run.id)
        if now is None:
            return False
        if run.max_calls and now.counts.calls + calls > run.max_calls:
            return False
        if units and now.counts.units + units > run.listing.max_units:
            return False
        self.count(run.id, Counts(calls=calls, units=units))
        return True

    def end(self, run_id: str, now: int) -> bool:
        run = self.items.get(run_id)
        if run is None or run.status != "running" or _left(run) or run.counts.missed:
            return False
        self._set(replace(run, status="done", ended_at=now), 0)
        return True

    def restart_pass(self, run: Run, due_at: int) -> bool:
        now = self.items.get(run.id)
        if now is None or now.status != "running" or now.epoch != run.epoch or _left(now):
            return False
        counts = replace(now.counts, missed=0)
        self._set(replace(now, cursors=initial_cursors(now.action), epoch=now.epoch + 1, counts=counts), due_at)
        return True

    def stop(self, run_id: str, status: RunStatus, why: str, now: int) -> bool:
        run = self.items.get(run_id)
        if run is None or run.status not in ("running", "paused"):
            return False
        self._set(replace(run, status=status, why=why, ended_at=now), 0)
        return True

    def resume(self, run: Run) -> bool:
        now = self.items.get(run.id)
        if now is None or now.status != "paused" or now.epoch != run.epoch:
            return False
        fresh = replace(
            now, status="running", why="", cursors=initial_cursors(now.action), outbox={}, groups=frozenset()
        )
        counts = replace(now.counts, missed=0)
        self._set(replace(fresh, epoch=now.epoch + 1, ended_at=0, free_at=0, counts=counts), 0)
        return True

    def _set(self, run: Run, due_at: int | None = None) -> None:
        self.items[run.id] = run if due_at is None else replace(run, due_at=due_at)


def _left(run: Run) -> bool:
    return bool(run.cursors or run.outbox or run.groups)


class FakeBulkQueue:
    """Holds groups until a test hands them to a worker; sending is one effect a message.

    ``delays`` are the seconds that each was to wait.
    """

    def __init__(self, effects: Effects) -> None:
        self.messages: list[ProcessRunGroup] = []
        self.delays: list[int] = []
        self.effects = effects

    def send(self, messages: list[tuple[ProcessRunGroup, int]]) -> None:
        for message, delay in messages:
            self.delays.append(delay)
            self.effects(lambda message=message: self.messages.append(message))  # type: ignore[misc]
            assert decode(encode(message)) == message
