"""Deliveries, duplicates, reorderings, crashes, polls and people in any order: at rest, the promises hold."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from autotag.domain.asset import AssetRef
from autotag.domain.errors import Retryable
from autotag.domain.message import Message, Renamed, Source
from autotag.service.sweep import sweep
from autotag.service.tag import handle
from tests.fakes import START, Died, Fakes, person, resource, upload

LABELS = ("People", "Guitar", "Cat", "Dog")
TAGS = (*LABELS, "press")


class Library(RuleBasedStateMachine):
    """One asset, its notifications in a bag that may be drawn from in any order and more than once."""

    def __init__(self) -> None:
        super().__init__()
        self.fakes = Fakes()
        self.bag: list[Message] = []
        self.version = START // 1000
        self.name = "stage/a1"
        self.digests = 0
        self.people: dict[str, tuple[str, int]] = {}
        """What a person last did to a tag, and when."""
        self.touched: set[str] = set()
        """Tags that a person or an upload ever touched: they may stand or not, as long as no wish is undone."""
        self.brought: set[str] = set()
        """Tags that the upload of the current version brought."""
        self.asset: dict[str, object] = {}
        self.added_by_us: set[str] = set()

    def _digest(self) -> str:
        self.digests += 1
        return f"d{self.digests:08d}"

    @initialize(labels=st.dictionaries(st.sampled_from(LABELS), st.sampled_from([0.3, 0.69, 0.7, 0.95])))
    def uploaded(self, labels: dict[str, float]) -> None:
        self._upload(labels, "complete", ())

    def _upload(self, labels: dict[str, float], status: str, tags: tuple[str, ...]) -> None:
        body = resource("a1", labels, status=status, version=self.version, tags=tags, public_id=self.name)
        self.fakes.cloudinary.assets["a1"] = body
        self.asset, self.brought = body, set(tags)
        self.bag.append(upload(dict(body), self.fakes.clock.now(), self._digest()))

    @rule(
        labels=st.dictionaries(st.sampled_from(LABELS), st.sampled_from([0.3, 0.7, 0.95])),
        pending=st.booleans(),
        tags=st.sets(st.sampled_from(TAGS), max_size=2),
    )
    def overwritten(self, labels: dict[str, float], pending: bool, tags: set[str]) -> None:
        """A new version: Cloudinary replaces labels and tags; what people had done to tags of the old one is past."""
        self.fakes.clock.advance(2)
        self.version = self.fakes.clock.now() // 1000
        self.touched |= tags
        self.people = {tag: wish for tag, wish in self.people.items() if wish[0] == "remove"}
        self._upload(labels, "pending" if pending else "complete", tuple(sorted(tags)))
        if pending:
            self.asset["info"] = resource("a1", labels)["info"]  # a poll will find them

    @precondition(lambda self: self.bag)
    @rule(data=st.data(), again=st.booleans())
    def delivered(self, data: st.DataObject, again: bool) -> None:
        """Any message of the bag is handled, and perhaps stays in it."""
        message = data.draw(st.sampled_from(self.bag))
        if not again:
            self.bag.remove(message)
        self._handle(message)

    @precondition(lambda self: self.bag)
    @rule(data=st.data(), after=st.integers(0, 6), when=st.sampled_from(["before", "after"]))
    def crashed(self, data: st.DataObject, after: int, when: str) -> None:
        """The process dies at some effect; the message comes again."""
        self.fakes.effects.die_at = (self.fakes.effects.done + after, when)
        message = data.draw(st.sampled_from(self.bag))
        try:
            self._handle(message)
            self.bag.remove(message)
        except Died:
            pass
        finally:
            self.fakes.effects.die_at = None

    @rule(tag=st.sampled_from(TAGS))
    def touched_by_a_person(self, tag: str) -> None:
        """A person toggles a tag; the notification goes into the bag."""
        tags = self.fakes.cloudinary.assets["a1"]["tags"]
        at = self.fakes.clock.now()
        self.touched.add(tag)
        if tag in tags:
            tags.remove(tag)
            self.people[tag] = ("remove", at)
            self.bag.append(person(removed=(tag,), at=at, digest=self._digest()))
        else:
            tags.append(tag)
            self.people[tag] = ("add", at)
            self.bag.append(person(added=(tag,), at=at, digest=self._digest()))

    @rule(number=st.integers(0, 3))
    def renamed(self, number: int) -> None:
        """The asset gets another name, or one that it had before."""
        self.name = f"stage/a{number}"
        self.fakes.cloudinary.assets["a1"]["public_id"] = self.name
        ref = AssetRef("a1", self.name, "image", "upload", 0)
        self.bag.append(Renamed(ref, "stage", self.fakes.clock.now(), Source("rename", self._digest())))

    @rule(seconds=st.sampled_from([1, 61, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.fakes.clock.advance(seconds)

    @rule(failure=st.sampled_from([Retryable("503"), Retryable("420", delay=600)]))
    def cloudinary_fails_once(self, failure: Exception) -> None:
        self.fakes.cloudinary.fails.append(failure)

    @rule(down=st.booleans())
    def event_bus_goes_down_or_comes_back(self, down: bool) -> None:
        self.fakes.bus.fails = Retryable("EventBridge: InternalException") if down else None

    @rule()
    def swept(self) -> None:
        sweep(self.fakes.world, self.fakes.remaining)

    @rule(after=st.integers(0, 6), when=st.sampled_from(["before", "after"]))
    def poller_crashed(self, after: int, when: str) -> None:
        """The poller dies at some effect."""
        self.fakes.effects.die_at = (self.fakes.effects.done + after, when)
        try:
            self.swept()
        except Died:
            pass
        finally:
            self.fakes.effects.die_at = None

    def _handle(self, message: Message) -> None:
        handle(self.fakes.world, message, self.fakes.remaining)

    @rule()
    def comes_to_rest(self) -> None:
        """Everything is delivered, everything due is done; then the promises are checked."""
        self.fakes.cloudinary.fails.clear()
        self.fakes.bus.fails = None
        while self.bag:
            self._handle(self.bag.pop())
        for _ in range(8):
            self.fakes.clock.advance(7200)
            sweep(self.fakes.world, self.fakes.remaining)
        self._check()

    def _check(self) -> None:
        state = self.fakes.store.items["a1"]
        tags = self.fakes.cloudinary.tags("a1")
        assert state.intent is None and state.dirty is None and not state.outbox
        assert {audit.audit_id for audit in self.fakes.bus.sent} == set(self.fakes.audits.records)
        assert state.status in ("tagged", "unchanged"), state.status
        assert state.asset.public_id == self.name
        for tag, (op, _) in self.people.items():
            if tag in self.brought and op == "remove":
                continue  # removed from an older version, brought again by the upload of this one: or removed since
            assert (tag in tags) == (op == "add"), f"a person's {op} of {tag} was undone: {tags}"
        for tag in self.brought - self.people.keys():
            assert tag in tags, f"{tag} came with the upload and is gone"
        labels = {str(entry["tag"]): float(entry["confidence"]) for entry in _labels(self.asset)}
        wanted = {tag for tag, confidence in labels.items() if confidence >= 0.7}
        ruled = set(LABELS) - self.touched - self.brought
        assert {tag for tag in tags if tag in ruled} == wanted & ruled
        assert not set(state.ours) & {tag for tag, (op, _) in self.people.items() if op == "add"}

    @invariant()
    def one_audit_for_one_decision(self) -> None:
        decisions = [
            (a.asset.version, a.trigger.digest, a.inputs)
            for a in self.fakes.audits.records.values()
            if a.trigger.kind != "person"
        ]
        assert len(decisions) == len({repr(d) for d in decisions})


def _labels(body: dict[str, object]) -> list[dict[str, Any]]:
    info = body["info"]
    assert isinstance(info, dict)
    data: list[dict[str, Any]] = info["categorization"]["aws_rek_tagging"]["data"]
    return data


TestLibrary = Library.TestCase
TestLibrary.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
