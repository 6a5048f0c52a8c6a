"""What the threads of a worker share: one read serves all of them, and one that fails is not repeated by each."""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, get_ident
from types import FrameType
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from msgspec.structs import replace

from autotag.adapters.aws.dynamodb.api_limits import DynamoCircuitBreaker
from autotag.adapters.aws.secrets_manager import SecretsManager
from autotag.domain.errors import CredentialsRefused, Retryable
from autotag.domain.rules.versions import Published
from autotag.service.rules.active import StoredRules
from tests.fakes.rules import FakePublication, FakeRuleStore
from tests.fakes.runtime import START, FakeClock, FakeTelemetry
from tests.unit.handlers.fresh_process import run_fresh

THREADS = 10
PATIENCE = 30


class AskedByAll(FakeClock):
    """A clock that every thread looks at when it asks; once so many ``threads`` have, ``asked`` is set."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.asked, self._threads, self._seen, self._lock = Event(), threads, set[int](), Lock()

    def now(self) -> int:
        with self._lock:
            self._seen.add(get_ident())
            if len(self._seen) == self._threads:
                self.asked.set()
            return super().now()


def together[T](call: Callable[[], T]) -> list[T | str]:
    """Call from several threads at the same time; return what each got, or its error."""

    def one(_: int) -> T | str:
        try:
            return call()
        except Retryable as error:
            return str(error)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


class Secrets:
    """Secrets Manager, whose answer to a read after the first comes when every thread has asked."""

    def __init__(self, clock: AskedByAll, fails: bool) -> None:
        self.clock, self.fails, self.reads, self.secret = clock, fails, 0, "old"

    def get_secret_value(self, SecretId: str) -> dict[str, str]:
        self.reads += 1
        if self.secret != "old":
            assert self.clock.asked.wait(PATIENCE)
        if self.fails:
            raise ReadTimeoutError(endpoint_url=SecretId)
        value = {"cloud_name": "demo", "api_key": "222", "api_secret": self.secret, "notification_secrets": {"1": "s"}}
        return {"SecretString": json.dumps(value)}


@pytest.mark.parametrize(("how", "reads"), [({}, 1), ({"newer": True}, 1), ({"newest": True}, 2)], ids=str)
def test_a_rotated_secret_is_read_for_all_threads(how: dict[str, Any], reads: int) -> None:
    """The newest must have been read after it was asked for: those that asked during a read share the next one."""
    clock = AskedByAll(THREADS + 1)
    client = Secrets(clock, fails=False)
    secrets = SecretsManager(client, "secret", clock.now)
    secrets.credentials()
    clock.advance(600)
    client.secret = "new"
    assert together(lambda: secrets.credentials(**how).api_secret) == ["new"] * THREADS
    assert client.reads == 1 + reads


def test_a_secret_store_that_hangs_is_waited_for_once_by_all_threads() -> None:
    clock = AskedByAll(THREADS)
    client = Secrets(clock, fails=True)
    client.secret = "new"
    secrets = SecretsManager(client, "secret", clock.now)
    assert all("secret" in str(told).lower() for told in together(secrets.credentials))
    assert client.reads == 1


class Publication(FakePublication):
    """The item of the active rules, which is read when every thread has asked for them."""

    def __init__(self, clock: AskedByAll) -> None:
        super().__init__()
        self.clock = clock

    def current(self) -> Published | None:
        assert self.clock.asked.wait(PATIENCE)
        return super().current()


def rules_of(clock: AskedByAll) -> tuple[StoredRules, Publication]:
    stored, publication = FakeRuleStore(), Publication(clock)
    rule_store = replace(stored.rule_store, publication=publication)
    return StoredRules(rule_store, clock, FakeTelemetry()), publication


def test_rules_are_looked_at_once_for_all_threads() -> None:
    rules, publication = rules_of(AskedByAll(THREADS))
    found = together(rules.active)
    assert len(set(map(id, found))) == 1 and publication.reads == 1


def test_a_table_that_hangs_is_waited_for_once_by_all_threads() -> None:
    rules, publication = rules_of(AskedByAll(THREADS))
    publication.fails = Retryable("DynamoDB: ReadTimeoutError")
    assert all(isinstance(told, str) for told in together(rules.active))
    assert publication.reads == 1


class TrippedWhileRead:
    """DynamoDB, in which another thread stores that the credentials are refused while the breaker is read."""

    def __init__(self) -> None:
        self.breaker = DynamoCircuitBreaker(self, "State")

    def get_item(self, **_call: object) -> dict[str, object]:
        self.breaker.trip(START, "401")
        return {}  # as it was before

    def put_item(self, **_call: object) -> None:
        """Store it."""


def test_a_breaker_that_another_thread_trips_meanwhile_stays_open() -> None:
    with pytest.raises(CredentialsRefused):
        TrippedWhileRead().breaker.check(START)


class LookedAtWhileTripped:
    """DynamoDB, in which a breaker is read while another thread stores that the credentials are refused."""

    def __init__(self) -> None:
        self.breaker, self.items = DynamoCircuitBreaker(self, "State"), list[dict[str, object]]()

    def get_item(self, **_call: object) -> dict[str, object]:
        return {"Item": self.items[-1]} if self.items else {}

    def put_item(self, Item: dict[str, object], **_call: object) -> None:
        self.breaker.check(START + 6000)  # finds nothing stored yet
        self.items.append(Item)


def test_a_breaker_that_another_thread_looks_at_while_it_is_tripped_is_open_afterwards() -> None:
    table = LookedAtWhileTripped()
    table.breaker.trip(START + 6000, "401")
    with pytest.raises(CredentialsRefused):
        table.breaker.check(START + 6001)


class TrippedBetween:
    """DynamoDB, in which a breaker is tripped; another thread's look begins within that and ends behind it."""

    def __init__(self) -> None:
        self.breaker = DynamoCircuitBreaker(self, "State")
        self.looking, self.tripped = Event(), Event()

    def get_item(self, **_call: object) -> dict[str, object]:
        self.looking.set()
        assert self.tripped.wait(PATIENCE)
        return {}

    def put_item(self, **_call: object) -> None:
        self.look = self.threads.submit(self.breaker.check, START)
        assert self.looking.wait(PATIENCE)

    def trip(self) -> None:
        with ThreadPoolExecutor(1) as self.threads:
            self.breaker.trip(START, "401")
            self.tripped.set()
        with pytest.raises(CredentialsRefused):
            self.look.result()


def test_a_breaker_that_is_tripped_while_another_thread_waits_for_what_was_stored_is_open_afterwards() -> None:
    table = TrippedBetween()
    table.trip()
    with pytest.raises(CredentialsRefused):
        table.breaker.check(START + 1)


def lines_of(function: Callable[..., object]) -> list[int]:
    """Return the numbers of the lines that ``function`` may run."""
    return sorted({line for _, _, line in function.__code__.co_lines() if line})[1:]


def before_line(function: Callable[..., object], number: int, meanwhile: Callable[[], object]) -> Callable[..., Any]:
    """Return a trace function that runs ``meanwhile`` once before a line of ``function``, as another thread may."""

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code is function.__code__ and event == "line" and frame.f_lineno == number:
            sys.settrace(None)
            meanwhile()
        return trace

    return trace


@pytest.mark.parametrize("line", lines_of(StoredRules.of_version))
def test_replaced_rules_are_found_at_whatever_line_other_threads_ask_for_other_ones(line: int) -> None:
    stored = FakeRuleStore()
    mine, *others = (stored.push(f"[defaults]\nthreshold = 0.{number}\n") for number in range(1, 5))
    rules = StoredRules(stored.rule_store, FakeClock(), FakeTelemetry())
    before = sys.gettrace()
    sys.settrace(before_line(StoredRules.of_version, line, lambda: list(map(rules.of_version, others))))
    try:
        found = rules.of_version(mine)
    finally:
        sys.settrace(before)
    assert found is not None and found.version == mine


MADE_FIRST = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from autotag.adapters.aws.client import client, client_that_tries_once
made = client("dynamodb"), client_that_tries_once("rekognition")
sys.setswitchinterval(1e-6)
all_are_there = Barrier(10)
def ask(_):
    all_are_there.wait()
    return id(made[0].exceptions.ConditionalCheckFailedException), id(made[1].exceptions.ThrottlingException)
with ThreadPoolExecutor(10) as pool:
    print(json.dumps(len(set(pool.map(ask, range(10))))))
"""


def test_threads_that_need_the_exceptions_of_a_client_first_get_the_same_classes() -> None:
    environment = {
        "AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "of tests",
    }  # fmt: skip
    assert [run_fresh(MADE_FIRST, environment) for _ in range(4)] == [1] * 4
