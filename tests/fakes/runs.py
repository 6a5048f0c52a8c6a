"""Bulk runs in memory, and their queue."""

from collections.abc import Callable

from msgspec.structs import replace

from autotag.domain.model.messages import ProcessRunGroup, decode, encode
from autotag.domain.runs.progress import Counts, Group, Segment, in_pass, segment_of
from autotag.domain.runs.run import Run, RunStatus, with_progress
from tests.fakes.effects import Effects


class FakeRuns:
    """The items of runs and of their segments: every write of the port is one effect, on one item.

    ``items`` hold what a run's own item holds, ``segments`` those that have begun, by run and name.
    """

    def __init__(self, effects: Effects) -> None:
        self.items: dict[str, Run] = {}
        self.segments: dict[tuple[str, str], Segment] = {}
        self.effects = effects

    def create(self, run: Run) -> None:
        self.effects(lambda: None if run.id in self.items else self._set(run, run.created_at))

    def load(self, run_id: str) -> Run | None:
        return self.effects.read(lambda: self._load(run_id))

    def _load(self, run_id: str) -> Run | None:
        run = self.items.get(run_id)
        if run is None:
            return None
        return with_progress(run, {name: segment for (of, name), segment in self.segments.items() if of == run_id})

    def recent(self) -> list[Run]:
        return [run for run_id in list(self.items)[::-1][:50] if (run := self._load(run_id)) is not None]

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

    def _planned(self, run: Run, name: str, cursor: str | None, groups: tuple[Group, ...], counts: Counts) -> bool:
        stored, known = self.segments.get((run.id, name)), run.segments[name]
        if known.pages == 0 and stored is not None and stored.epoch >= run.epoch:
            return False
        if known.pages and (stored is None or (stored.epoch, stored.pages) != (run.epoch, known.pages)):
            return False
        now = in_pass(stored, run.epoch)
        self.segments[run.id, name] = replace(
            now,
            pages=now.pages + 1,
            cursor=cursor,
            outbox=groups or now.outbox,
            groups=now.groups | {group.id for group in groups},
            counts=now.counts.plus(counts),
        )
        return True

    def queued(self, run: Run, segment: str) -> None:
        def empty() -> None:
            now = self.segments.get((run.id, segment))
            if now is not None and (now.epoch, now.pages) == (run.epoch, run.segments[segment].pages):
                self.segments[run.id, segment] = replace(now, outbox=())

        self.effects(empty)

    def take_time(self, run: Run, milliseconds: int, now: int) -> int | None:
        return self.effects(lambda: self._take_time(run, milliseconds, now))

    def _take_time(self, run: Run, milliseconds: int, now: int) -> int | None:
        stored = self.items.get(run.id)
        if stored is None or (stored.status, stored.epoch) != ("running", run.epoch):
            return None
        at = max(now, stored.free_at)
        self._set(replace(stored, free_at=at + milliseconds))
        return at

    def handled(self, run_id: str, group: str, counts: Counts) -> bool:
        return self.effects(lambda: self._handled(run_id, group, counts))

    def _handled(self, run_id: str, group: str, counts: Counts) -> bool:
        key = run_id, segment_of(group)
        segment = self.segments.get(key)
        if segment is None or group not in segment.groups:
            return False
        self.segments[key] = replace(segment, groups=segment.groups - {group}, counts=segment.counts.plus(counts))
        return not self.segments[key].groups

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

    def end(self, run: Run, now: int) -> bool:
        return self._change(run, "running", lambda stored: replace(stored, status="done", ended_at=now, due_at=0))

    def restart_pass(self, run: Run, due_at: int) -> bool:
        return self._change(run, "running", lambda stored: replace(stored, epoch=stored.epoch + 1, due_at=due_at))

    def stop(self, run_id: str, status: RunStatus, why: str, now: int) -> bool:
        run = self.items.get(run_id)
        if run is None or run.status not in ("running", "paused"):
            return False
        self._set(replace(run, status=status, why=why, ended_at=now), 0)
        return True

    def resume(self, run: Run) -> bool:
        def resumed(stored: Run) -> Run:
            return replace(stored, status="running", why="", epoch=stored.epoch + 1, ended_at=0, free_at=0, due_at=0)

        return self._change(run, "paused", resumed)

    def _change(self, run: Run, status: RunStatus, changed: Callable[[Run], Run]) -> bool:
        return self.effects(lambda: self._changed(run, status, changed))

    def _changed(self, run: Run, status: RunStatus, changed: Callable[[Run], Run]) -> bool:
        stored = self.items.get(run.id)
        if stored is None or (stored.status, stored.epoch) != (status, run.epoch):
            return False
        self._set(changed(stored))
        return True

    def _set(self, run: Run, due_at: int | None = None) -> None:
        self.items[run.id] = run if due_at is None else replace(run, due_at=due_at)


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
