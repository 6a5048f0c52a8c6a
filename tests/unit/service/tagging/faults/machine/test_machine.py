"""Messages, due work, runs, answers and crashes in any order, two processes at a time: at rest, the promises hold.

``make machine`` runs many thousand examples of it.
"""

from collections.abc import Callable
from functools import partial
from itertools import chain

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from autotag.domain.errors import AutotagError, Retryable
from autotag.domain.model.messages import FinishDue, Task
from autotag.domain.runs.run import RevertSelection, Run
from autotag.service.poller import run_minute
from tests.fakes.effects import Died
from tests.fakes.runs import FakeBulkQueue
from tests.fakes.runtime import in_turn
from tests.unit.service.tagging.faults.interleaving import Interleaving
from tests.unit.service.tagging.faults.machine.cloudinary_account import BARS, LABELS, TAGS
from tests.unit.service.tagging.faults.machine.studio import Studio

LABELLED = st.dictionaries(st.sampled_from(LABELS), st.sampled_from([0.3, 0.6, 0.69, 0.7, 0.95]))
ASSETS = ("a1", "a2")
SCHEDULE = st.lists(st.integers(0, 1), max_size=24)
VERDICT = st.sampled_from(["accept", "reject", "clear", "undo"])
WHEN = st.sampled_from(["before", "after"])

Process = Callable[[], None]


class Library(RuleBasedStateMachine):
    """Two assets, and the messages about them in bags that may be drawn from in any order and more than once.

    So may the poller's messages about due work, and these may also be lost: the poller sends them again.
    """

    studio: Studio

    @initialize(labels=LABELLED, keeps=st.booleans(), known=st.integers(0, 3), hints=st.integers(0, 5))
    def opened(self, labels: dict[str, float], keeps: bool, known: int, hints: int) -> None:
        """An account whose preference the service knows, or not; in some every notification is a hint only."""
        self.studio = Studio(keeps=keeps and known > 0, known=known > 0, hints=hints == 5)
        fakes = self.studio.fakes
        self.bulk = FakeBulkQueue(fakes.effects)
        self.planner = fakes.planner(self.bulk)
        self.studio.upload("a1", labels, ())

    @rule(
        asset=st.sampled_from(ASSETS),
        labels=LABELLED,
        pending=st.booleans(),
        tags=st.sets(st.sampled_from(TAGS), max_size=2),
    )
    def uploaded(self, asset: str, labels: dict[str, float], pending: bool, tags: set[str]) -> None:
        """A new asset, or a new version of one."""
        if asset not in self.studio.deleted:
            self.studio.upload(asset, labels, tuple(sorted(tags)), pending=pending)

    @rule(asset=st.sampled_from(ASSETS), tag=st.sampled_from(TAGS), at_once=st.booleans(), by_hand=st.booleans())
    def touched_by_a_person(self, asset: str, tag: str, at_once: bool, by_hand: bool) -> None:
        if asset in self.studio.there():
            self.studio.touch(asset, tag, at_once=at_once, by_hand=by_hand)

    @rule(asset=st.sampled_from(ASSETS), number=st.integers(0, 2))
    def renamed(self, asset: str, number: int) -> None:
        """To a name that is free: another asset may have had it before."""
        names = self.studio.free_names()
        if asset in self.studio.there() and names:
            self.studio.rename(asset, names[number % len(names)])

    @rule(asset=st.sampled_from(ASSETS), folder=st.booleans())
    def moved_or_edited(self, asset: str, folder: bool) -> None:
        """What rules ask about changes: the folder, or the context."""
        if asset in self.studio.there():
            (self.studio.move if folder else self.studio.edit)(asset)

    @rule(asset=st.sampled_from(ASSETS))
    def deleted_or_restored(self, asset: str) -> None:
        if asset in self.studio.deleted:
            self.studio.restore(asset)
        elif asset in self.studio.there():
            self.studio.delete(asset)

    @rule(asset=st.sampled_from((*ASSETS, "invented")))
    def hinted(self, asset: str) -> None:
        self.studio.hint_at(asset)

    @rule(asset=st.sampled_from(ASSETS), verdict=VERDICT, tag=st.sampled_from(LABELS))
    def reviewed(self, asset: str, verdict: str, tag: str) -> None:
        """An answer about a tag, whether or not it is asked about; or one is taken back."""
        if asset in self.studio.assets and asset in self.studio.fakes.store.items:
            self.studio.answer(asset, verdict, tag)

    @rule(asset=st.sampled_from(ASSETS), label=st.sampled_from(LABELS))
    def sampled(self, asset: str, label: str) -> None:
        """People are asked at random about a label, whether or not the asset has it."""
        if asset in self.studio.assets and asset in self.studio.fakes.store.items:
            self.studio.sample(asset, label)

    @rule(bar=st.sampled_from(BARS))
    def rules_were_pushed(self, bar: float) -> None:
        self.studio.push(bar)

    @rule(action=st.sampled_from(["retag", "revert"]), everything=st.booleans())
    def run_was_started(self, action: str, everything: bool) -> None:
        """A retag, or a revert of the run before or of everything."""
        runs = list(self.studio.fakes.runs.items.values())
        undo = RevertSelection() if everything or not runs else RevertSelection(run=runs[-1].id)
        self._start(action, undo if action == "revert" else RevertSelection())

    def _start(self, action: str, undo: RevertSelection) -> None:
        fakes = self.studio.fakes
        run_id = fakes.clock.unique()
        now = self.studio.now()
        seq = fakes.rules.now[1]
        fakes.runs.create(Run(run_id, action, "an operator", now, undo=undo, rules_seq=seq))  # type: ignore[arg-type]

    @rule(seconds=st.sampled_from([1, 61, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.studio.fakes.clock.advance(seconds)

    @rule(failure=st.sampled_from([Retryable("503"), Retryable("420", delay=600)]))
    def cloudinary_fails_once(self, failure: Exception) -> None:
        self.studio.fakes.cloudinary.fails.append(failure)

    @rule(down=st.booleans())
    def event_bus_goes_down_or_comes_back(self, down: bool) -> None:
        self.studio.fakes.bus.fails = Retryable("EventBridge: InternalException") if down else None

    @property
    def _bags(self) -> list[list[Task]]:
        """The messages of all kinds that wait."""
        return [self.studio.bag, self.bulk.messages, self.studio.fakes.due_queue.messages]  # type: ignore[list-item]

    def _one(self, data: st.DataObject) -> tuple[Process, Task | None]:
        """Return what a process does next, and the message that comes again if it does not get through."""
        message = data.draw(st.sampled_from([None, *chain.from_iterable(self._bags)]))
        return (self._minute, None) if message is None else (partial(self.studio.handle, message), message)

    def _minute(self) -> None:
        fakes = self.studio.fakes
        run_minute(fakes.deps, self.planner, fakes.due_queue, in_turn, fakes.remaining)

    @precondition(lambda self: self.studio.fakes.due_queue.messages)
    @rule()
    def messages_about_due_work_are_lost(self) -> None:
        self.studio.fakes.due_queue.messages.clear()

    @precondition(lambda self: any(self._bags))
    @rule(data=st.data(), again=st.booleans(), dies=st.integers(-8, 8), when=WHEN)
    def delivered(self, data: st.DataObject, again: bool, dies: int, when: str) -> None:
        """Any message is handled, and perhaps comes again; the process may die at some effect."""
        process, message = self._one(data)
        self._go([process], [message], [], dies, when, again)

    @rule(data=st.data(), schedule=SCHEDULE, again=st.booleans(), dies=st.integers(-8, 8), when=WHEN)
    def two_at_once(self, data: st.DataObject, schedule: list[int], again: bool, dies: int, when: str) -> None:
        """Two processes take turns at every effect and around every read; one may die."""
        first, second = self._one(data), self._one(data)
        self._go([first[0], second[0]], [first[1], second[1]], schedule, dies, when, again)

    def _go(
        self,
        processes: list[Process],
        messages: list[Task | None],
        schedule: list[int],
        dies: int,
        when: str,
        again: bool,
    ) -> None:
        effects = self.studio.fakes.effects
        effects.die_at = (effects.done + dies, when) if dies >= 0 else None
        try:
            raised = Interleaving(effects, schedule).run(*processes)
        finally:
            effects.die_at = None
        for error, message in zip(raised, messages, strict=True):
            self.studio.deaths += isinstance(error, Died)
            is_left = isinstance(message, FinishDue) and isinstance(error, AutotagError)  # it does not return
            if (error is None or is_left) and message is not None and not again:
                self._take(message)
            elif error is not None and not isinstance(error, Died | Retryable):
                raise error

    def _take(self, message: Task) -> None:
        for bag in self._bags:
            if message in bag:
                bag.remove(message)

    @rule()
    def comes_to_rest(self) -> None:
        """Everything is delivered, everything due is done, the rules of now decide; then the promises are checked."""
        fakes = self.studio.fakes
        fakes.cloudinary.fails.clear()
        fakes.bus.fails = None
        self._settle()
        self._start("retag", RevertSelection())
        self._settle()
        self.studio.check()

    def _settle(self) -> None:
        fakes = self.studio.fakes
        for _ in range(60):
            for bag in self._bags:
                for message in tuple(bag):
                    try:
                        self.studio.handle(message)
                        bag.remove(message)
                    except Retryable:
                        pass
            fakes.clock.advance(7200)
            self._minute()
            running = any(run.status == "running" for run in fakes.runs.items.values())
            waiting = any(s.intent or s.dirty or s.outbox or s.answers or s.poll for s in fakes.store.items.values())
            if not (running or waiting or any(self._bags)):
                return
        raise AssertionError("it never comes to rest")

    @invariant()
    def one_audit_for_one_decision(self) -> None:
        decisions = [
            (a.asset.asset_id, a.asset.version, a.trigger, a.rules.version, a.inputs)
            for a in self.studio.fakes.audits.records.values()
            if a.trigger.kind in ("webhook", "poll", "retag") and a.outcome != "gone"
        ]
        assert len(decisions) == len({repr(d) for d in decisions})


class _Same(Library):
    """The same machine, for a run of its own."""


EXAMPLES = max(20, settings.default.max_examples if settings.default else 0)

TestLibrary = Library.TestCase
TestLibrary.settings = settings(max_examples=EXAMPLES, stateful_step_count=30, deadline=None)

TestSameExamples = _Same.TestCase
TestSameExamples.settings = settings(max_examples=20, stateful_step_count=30, deadline=None, derandomize=True)
