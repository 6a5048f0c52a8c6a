"""Pruning changes no decision: two accounts with one history, of which one keeps all that was ever known.

Months pass in it, so that people's preferences are pruned, and deleted assets lose their questions.
"""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from autotag.domain.errors import Retryable
from autotag.domain.state.tag_ownership import active_preferences, suppressed
from autotag.service.poller import run_minute
from tests.fakes.runs import FakeBulkQueue
from tests.fakes.runtime import in_turn
from tests.unit.service.tagging.faults.machine.cloudinary_account import BARS, LABELS, TAGS, CloudinaryAccount

ASSETS = ("a1", "a2")
MONTHS = 70 * 86_400

_ASSET = st.sampled_from(ASSETS)
_LABELS = st.dictionaries(st.sampled_from(LABELS), st.sampled_from([0.6, 0.7, 0.95]))
_VERDICT = st.sampled_from(["accept", "reject", "clear", "undo"])
_STEP = st.one_of(
    st.tuples(st.just("upload"), _ASSET, _LABELS, st.sets(st.sampled_from(TAGS), max_size=2)),
    st.tuples(st.just("touch"), _ASSET, st.sampled_from(TAGS), st.booleans()),
    st.tuples(st.sampled_from(["rename", "move", "edit"]), _ASSET),
    st.tuples(st.just("delete or restore"), _ASSET),
    st.tuples(st.just("answer"), _ASSET, _VERDICT, st.sampled_from(LABELS)),
    st.tuples(st.just("push"), st.sampled_from(BARS)),
    st.tuples(st.just("deliver"), st.integers(0, 7)),
    st.tuples(st.just("pass"), st.sampled_from([1, 3600])),
)
PERIODS = st.lists(st.lists(_STEP, min_size=1, max_size=5), min_size=2, max_size=8)
"""What happens in a few hours each, months apart."""


class Life(CloudinaryAccount):
    """An account whose history is a list of steps."""

    def __init__(self, *, keeps: bool, prunes: bool) -> None:
        super().__init__(keeps=keeps, known=True, hints=False)
        self.fakes.store.prunes = prunes
        self.bulk = FakeBulkQueue(self.fakes.effects)
        self.planner = self.fakes.planner(self.bulk)

    def step(self, name: str, *arguments: Any) -> None:
        """Take one step, if it is possible now."""
        asset = arguments[0]
        match name:
            case "upload" if asset not in self.deleted:
                self.upload(asset, arguments[1], tuple(sorted(arguments[2])))
            case "touch" if asset in self.there():
                self.touch(asset, arguments[1], at_once=False, by_hand=arguments[2])
            case "rename" if asset in self.there() and self.free_names():
                self.rename(asset, self.free_names()[0])
            case "move" | "edit" if asset in self.there():
                getattr(self, name)(asset)
            case "delete or restore" if asset in self.deleted:
                self.restore(asset)
            case "delete or restore" if asset in self.there():
                self.delete(asset)
            case "answer" if asset in self.assets and asset in self.fakes.store.items:
                self.answer(asset, *arguments[1:])
            case "push":
                self.push(asset)
            case "deliver" if self.bag:
                self._deliver(self.bag[asset % len(self.bag)])
            case "pass":
                self.fakes.clock.advance(asset)

    def _deliver(self, message: Any) -> None:
        try:
            self.handle(message)
        except Retryable:
            return
        self.bag.remove(message)

    def rest(self) -> None:
        """Deliver everything, and finish what is due."""
        fakes = self.fakes
        for _ in range(60):
            for bag in (self.bag, self.bulk.messages, fakes.due_queue.messages):
                for message in tuple(bag):
                    try:
                        self.handle(message)
                        bag.remove(message)  # type: ignore[arg-type]
                    except Retryable:
                        pass
            fakes.clock.advance(600)
            run_minute(fakes.deps, self.planner, fakes.due_queue, in_turn, fakes.remaining)
            states = fakes.store.items.values()
            if not self.bag and not any(s.intent or s.dirty or s.outbox or s.answers or s.poll for s in states):
                return
        raise AssertionError("it never comes to rest")

    def outcome(self) -> dict[str, Any]:
        """Return what the service decided: the tags on each asset, whose they are, and what is asked about them."""
        found = {}
        for asset_id, state in self.fakes.store.items.items():
            there = sorted(self.body(asset_id)["tags"]) if asset_id in self.there() else None
            ours = sorted(state.managed_tags) if state.status != "gone" else None
            asked = state.review if state.status != "gone" else None
            wanted = {key: preference.want for key, preference in active_preferences(state).items()}
            found[asset_id] = (state.status, there, ours, asked, wanted, sorted(suppressed(state)))
        return found


def lives(periods: list[list[tuple[Any, ...]]], *, keeps: bool) -> tuple[Life, Life]:
    """Return two accounts after the same history: one that prunes, and one that never does."""
    pruning, keeping = Life(keeps=keeps, prunes=True), Life(keeps=keeps, prunes=False)
    for life in (pruning, keeping):
        life.upload("a1", {"Guitar": 0.95, "Cat": 0.6}, ())
    for period in periods:
        for life in (pruning, keeping):
            for step in period:
                life.step(*step)
            life.rest()  # no message is months late
            life.fakes.clock.advance(MONTHS)
        assert pruning.outcome() == keeping.outcome()
    return pruning, keeping


@given(periods=PERIODS, keeps=st.booleans())
@settings(deadline=None, max_examples=max(150, settings.default.max_examples if settings.default else 0))
def test_pruning_people_and_deleted_assets_changes_no_decision(
    periods: list[list[tuple[Any, ...]]], keeps: bool
) -> None:
    lives(periods, keeps=keeps)


def test_such_a_history_prunes_something() -> None:
    pruning, keeping = lives(
        [
            [("upload", "a1", {"Guitar": 0.95, "Cat": 0.95, "Dog": 0.95, "People": 0.95}, set())],
            [("touch", "a1", "press", True), ("upload", "a1", {"Guitar": 0.95}, set())],
            [("touch", "a1", "press", True)],
            [("answer", "a1", "clear", "press")],
            [("move", "a1")],
            [("delete or restore", "a1")],
        ],
        keeps=True,
    )
    state, whole = pruning.fakes.store.items["a1"], keeping.fakes.store.items["a1"]
    assert state.status == whole.status == "gone"
    assert state.people.keys() < whole.people.keys()
