"""Answers, undos and people in Cloudinary, delivered in any order and twice, with deaths: the last word holds."""

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from autotag.domain.errors import Retryable
from autotag.domain.model.audit import parts_of
from autotag.domain.model.labels import label_key
from autotag.domain.model.messages import Message
from autotag.domain.state.asset_state import asked_confidences
from autotag.service.review.requests import Answer, Choice, ReviewDecide, review_decide
from autotag.service.worker import handle
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.review import FakeReviews
from tests.fakes.samples import person
from tests.unit.service.tagging.people.guitarist import guitarist, stored


class Desk(RuleBasedStateMachine):
    """One question about one tag; ``bag`` are messages that are under way, ``late`` those that may come again."""

    def __init__(self) -> None:
        super().__init__()
        self.fakes = guitarist()
        self.reviews = FakeReviews(self.fakes.store.items, self.fakes.audits.records)
        self.bag: list[Message] = []
        self.late: list[Message] = []
        self.given: list[str] = []
        """The ids of the answers, the youngest last."""
        self.word: tuple[str, int] = ("", 0)
        """The last word, and when it was said; of one that takes back, when what it takes back was said."""
        self.people_at = 0

    def _decide(self, verdict: Answer, of: str = "") -> str:
        """Give an answer; return the id of its audit, or "" where it is not queued."""
        asked = ReviewDecide((Choice("a1", "Musician", verdict, 100, of),))
        told = review_decide(
            self.reviews.reviews, lambda name: self.fakes.store.items[name], asked, "ada", self.fakes.clock
        )
        self.bag += self.reviews.sent
        self.reviews.sent.clear()
        return str(told["queued"][0]["audit_id"]) if told["queued"] else ""

    @precondition(lambda self: not self.bag)
    @rule(verdict=st.sampled_from(["accept", "reject"]))
    def answered(self, verdict: Answer) -> None:
        identifier = self._decide(verdict)
        if identifier:
            self.given.append(identifier)
            self.word = (verdict, parts_of(identifier).at)

    @precondition(lambda self: self.given)
    @rule(back=st.integers(1, 3))
    def taken_back(self, back: int) -> None:
        """The last answer, or an older one, is taken back, carried out or not."""
        of = self.given[-min(back, len(self.given))]
        if self._decide("undo", of) and of == self.given[-1]:
            self.word = ("undo", parts_of(of).at)

    @rule()
    def touched_by_a_person(self) -> None:
        """A person toggles the tag in Cloudinary."""
        tags, at = self.fakes.cloudinary.assets["a1"]["tags"], self.fakes.clock.now()
        op = "remove" if "Musician" in tags else "add"
        if op == "add":
            tags.append("Musician")
            self.bag.append(person(added=("Musician",), at=at))
        else:
            tags.remove("Musician")
            self.bag.append(person(removed=("Musician",), at=at))
        self.word, self.people_at = (f"a person's {op}", at), at

    @precondition(lambda self: self.bag)
    @rule(data=st.data())
    def delivered(self, data: st.DataObject) -> None:
        message = data.draw(st.sampled_from(self.bag))
        self._deliver(message)

    @precondition(lambda self: self.late)
    @rule(data=st.data())
    def delivered_again(self, data: st.DataObject) -> None:
        message = data.draw(st.sampled_from(self.late))
        with suppress(Retryable):
            handle(self.fakes.deps, message, self.fakes.remaining)

    @precondition(lambda self: self.bag)
    @rule(data=st.data(), after=st.integers(0, 5), when=st.sampled_from(["before", "after"]))
    def died(self, data: st.DataObject, after: int, when: str) -> None:
        self.fakes.effects.die_at = (self.fakes.effects.done + after, when)
        try:
            self._deliver(data.draw(st.sampled_from(self.bag)))
        except Died:
            pass
        finally:
            self.fakes.effects.die_at = None

    def _deliver(self, message: Message) -> None:
        try:
            handle(self.fakes.deps, message, self.fakes.remaining)
        except Retryable:
            return
        self.bag.remove(message)
        self.late.append(message)

    @rule(seconds=st.sampled_from([1, 61, 600]))
    def time_passes(self, seconds: int) -> None:
        self.fakes.clock.advance(seconds)

    @rule()
    def cloudinary_fails_once(self) -> None:
        self.fakes.cloudinary.fails.append(Retryable("503"))

    @rule()
    def comes_to_rest(self) -> None:
        """Everything is delivered, everything due is done; then the last word holds."""
        self.fakes.cloudinary.fails.clear()
        for _ in range(8):
            for message in list(self.bag):
                self._deliver(message)
            self.fakes.clock.advance(7200)
            a_minute(self.fakes)
        assert not self.bag and not stored(self.fakes).intent
        assert {audit.audit_id for audit in self.fakes.bus.sent} == set(self.fakes.audits.records)
        self._check()

    @invariant()
    def the_index_knows_each_question_with_its_confidence(self) -> None:
        state = stored(self.fakes)
        assert asked_confidences(state) == dict.fromkeys(map(label_key, state.review), 5754)

    def _check(self) -> None:
        state, there = stored(self.fakes), "Musician" in self.fakes.cloudinary.tags("a1")
        preference = state.people.get("musician")
        match self.word:
            case ("accept" | "a person's add", _):
                assert there and preference is not None and (preference.want, preference.withdrawn) == ("add", False)
            case ("reject" | "a person's remove", _):
                assert preference is not None and (preference.want, preference.withdrawn) == ("remove", False)
                assert not there or self.word[0] == "reject"
            case ("undo", at) if self.people_at > at:  # they spoke in between: what was told first holds
                assert preference is not None
            case ("undo", _):
                assert preference is not None and preference.withdrawn and "Musician" in state.review
                assert not there or self.people_at
        assert ("Musician" in state.review) is (preference is None or preference.withdrawn)


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
