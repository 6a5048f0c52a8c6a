"""Which rules a worker decides by: looked up now and then, never broken ones, and none older than it had."""

import pytest

from autotag.domain.errors import Invalid, Retryable
from autotag.service.rules.active import LIFE, StoredRules
from tests.fakes.rules import RULES, FakeRuleStore
from tests.fakes.runtime import FakeClock, FakeTelemetry

STRICT = 'name = "strict"\n[defaults]\nthreshold = 0.95\n'
LOOSE = 'name = "loose"\n[defaults]\nthreshold = 0.1\n'


class Worker:
    """One worker process, which may start anew over the same store."""

    def __init__(self) -> None:
        self.clock, self.rule_store = FakeClock(), FakeRuleStore()
        self.start()

    def start(self) -> None:
        self.telemetry = FakeTelemetry()
        self.source = StoredRules(self.rule_store.rule_store, self.clock, self.telemetry)

    def later(self) -> tuple[str, int]:
        self.clock.advance(LIFE)
        return self.now()

    def now(self, at_least: int = 0) -> tuple[str, int]:
        ruleset, seq = self.source.active(at_least=at_least)
        return ruleset.name, seq

    @property
    def refused(self) -> int:
        return self.telemetry.counts.get("RulesInvalid", 0)


@pytest.fixture
def worker() -> Worker:
    return Worker()


def test_without_a_push_the_deployed_rules_hold_and_are_stored_once(worker: Worker) -> None:
    assert worker.now() == worker.later() == ("default", 0)
    assert list(worker.rule_store.versions.texts.values()) == [RULES]


def test_a_push_is_taken_up_after_half_a_minute_and_noted_as_good(worker: Worker) -> None:
    worker.now()
    version = worker.rule_store.push(STRICT)
    worker.clock.advance(LIFE - 1)
    assert worker.now() == ("default", 0)

    assert worker.later() == ("strict", 1)
    item = worker.rule_store.publication.item
    assert item is not None and (item.last_good_hash, item.last_good_seq) == (version, 1)


def test_a_function_that_may_only_read_stores_nothing(worker: Worker) -> None:
    reader = StoredRules(worker.rule_store.rule_store, worker.clock, worker.telemetry, read_only=True)
    assert reader.active().seq == 0
    assert worker.rule_store.versions.texts == {}
    worker.rule_store.push(STRICT)
    worker.clock.advance(LIFE)

    assert reader.active().seq == 1
    item = worker.rule_store.publication.item
    assert item is not None and (item.last_good_hash, item.last_good_seq) == ("", 0)


def test_the_store_is_read_at_most_every_half_minute(worker: Worker) -> None:
    worker.rule_store.push(STRICT)
    for _ in range(100):
        worker.now(at_least=1)
    assert worker.rule_store.publication.reads == 1


def test_rules_that_somebody_has_seen_already_are_looked_for_at_once(worker: Worker) -> None:
    worker.now()
    worker.rule_store.push(STRICT)
    assert worker.now(at_least=1) == ("strict", 1)


def test_rules_that_are_not_there_yet_are_not_made_up(worker: Worker) -> None:
    worker.rule_store.push(STRICT)
    assert worker.now(at_least=2) == ("strict", 1)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "name = ",
        "thresold = 0.7",
        "[defaults]\nthreshold = 7",
        LOOSE,  # good rules, but not those that the version names
    ],
)
def test_what_cannot_be_read_is_never_taken_up_and_counted_at_each_look(worker: Worker, text: str | None) -> None:
    worker.rule_store.push(STRICT)
    worker.now()
    worker.rule_store.push_broken(text=text)
    assert [worker.later() for _ in range(3)] == [("strict", 1)] * 3
    assert worker.refused == 3
    item = worker.rule_store.publication.item
    assert item is not None and item.last_good_seq == 1


def test_text_that_is_stored_broken_is_refused_too(worker: Worker) -> None:
    worker.now()
    worker.rule_store.push(STRICT)
    worker.rule_store.versions.fails = Invalid("rules", "the stored text cannot be read")
    assert worker.later() == ("default", 0) and worker.refused == 1
    worker.rule_store.versions.fails = None
    assert worker.later() == ("strict", 1)


def test_a_cold_start_takes_the_last_good_rules(worker: Worker) -> None:
    worker.rule_store.push(STRICT)
    worker.now()
    worker.rule_store.push_broken()
    worker.start()
    assert worker.now() == ("strict", 1) and worker.refused == 1


def test_a_cold_start_without_any_good_rules_takes_the_deployed_ones(worker: Worker) -> None:
    worker.rule_store.push_broken()
    assert worker.now() == ("default", 0) and worker.refused == 1


def test_a_cold_start_whose_last_good_rules_are_lost_takes_the_deployed_ones_until_they_are_back(
    worker: Worker,
) -> None:
    version = worker.rule_store.push(STRICT)
    worker.now()
    worker.rule_store.push_broken()
    del worker.rule_store.versions.texts[version]
    worker.start()
    assert worker.now() == ("default", 0)
    worker.rule_store.versions.texts[version] = STRICT
    assert worker.later() == ("strict", 1)


def test_a_worker_that_slept_over_the_last_good_rules_takes_them_up(worker: Worker) -> None:
    worker.rule_store.push(STRICT)
    worker.now()
    worker.rule_store.push(LOOSE)
    StoredRules(worker.rule_store.rule_store, worker.clock, FakeTelemetry()).active()
    worker.rule_store.push_broken()
    assert worker.later() == ("loose", 2) and worker.refused == 1


def test_a_push_after_a_broken_one_mends_it(worker: Worker) -> None:
    worker.rule_store.push_broken()
    worker.now()
    worker.rule_store.push(LOOSE)
    assert worker.later() == ("loose", 2)


def test_an_item_that_is_none_is_refused(worker: Worker) -> None:
    worker.rule_store.push(STRICT)
    worker.now()
    worker.rule_store.publication.fails = Invalid("RULES#ACTIVE", "the item cannot be read")
    assert worker.later() == ("strict", 1) and worker.refused == 1
    worker.start()
    assert worker.now() == ("default", 0) and worker.refused == 1


@pytest.mark.parametrize("part", ["publication", "versions"])
def test_while_the_store_is_down_what_is_in_memory_stays(worker: Worker, part: str) -> None:
    worker.rule_store.push(STRICT)
    worker.now()
    worker.rule_store.push(LOOSE)
    store = getattr(worker.rule_store, part)
    store.fails = Retryable("DynamoDB: InternalServerError")
    assert worker.later() == worker.now(at_least=2) == ("strict", 1)
    assert worker.refused == 0
    store.fails = None
    assert worker.later() == ("loose", 2)


def test_a_cold_start_while_the_store_is_down_waits(worker: Worker) -> None:
    worker.rule_store.publication.fails = Retryable("DynamoDB: InternalServerError")
    with pytest.raises(Retryable):
        worker.now()
    worker.rule_store.publication.fails = None
    assert worker.now() == ("default", 0)


def test_good_rules_that_cannot_be_noted_are_taken_up_and_noted_later(worker: Worker) -> None:
    worker.rule_store.push(STRICT)
    worker.rule_store.publication.note_fails = Retryable("DynamoDB: InternalServerError")
    assert worker.now() == ("strict", 1)
    worker.rule_store.publication.note_fails = None
    assert worker.later() == ("strict", 1)
    noted = worker.rule_store.publication.item
    assert noted is not None and noted.last_good_seq == 1


def test_rules_that_were_deployed_broken_are_no_rules(worker: Worker) -> None:
    worker.rule_store.deployed.text = "thresold = 1"
    with pytest.raises(Retryable, match="no rules can be read"):
        worker.now()
    assert worker.refused == 1


def test_rules_that_were_replaced_are_read_once_and_known_from_then_on(worker: Worker) -> None:
    version = worker.rule_store.push(STRICT)
    worker.now()
    worker.rule_store.push(LOOSE)
    assert worker.later() == ("loose", 2)

    found = worker.source.of_version(version)
    assert found is not None and found.name == "strict"
    worker.rule_store.versions.fails = Retryable("DynamoDB: InternalServerError")
    assert worker.source.of_version(version) is found


def test_the_active_rules_are_not_read_again_by_their_version(worker: Worker) -> None:
    version = worker.rule_store.push(STRICT)
    worker.now()
    worker.rule_store.versions.fails = Retryable("DynamoDB: InternalServerError")
    found = worker.source.of_version(version)
    assert found is not None and found.name == "strict"


def test_rules_that_cannot_be_read_now_are_read_later(worker: Worker) -> None:
    version = worker.rule_store.push(STRICT)
    worker.rule_store.versions.fails = Retryable("DynamoDB: InternalServerError")
    assert worker.source.of_version(version) is None
    worker.rule_store.versions.fails = None
    assert worker.source.of_version(version) is not None
    assert [line for line, _ in worker.telemetry.lines] == ["rules_unavailable"]


def test_rules_that_are_not_stored_are_none_and_looked_for_once(worker: Worker) -> None:
    assert worker.source.of_version("f" * 64) is None
    assert worker.source.of_version("f" * 64) is None
    assert [line for line, _ in worker.telemetry.lines] == ["old_rules_unreadable"]


def test_only_the_last_versions_are_kept_in_memory(worker: Worker) -> None:
    versions = [worker.rule_store.push(f"[defaults]\nthreshold = 0.{n}\n") for n in range(1, 5)]
    found = [worker.source.of_version(version) for version in versions]
    assert worker.source.of_version(versions[-1]) is found[-1]
    assert worker.source.of_version(versions[0]) is not found[0]
