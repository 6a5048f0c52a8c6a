"""What the threads of a worker share: one read serves all of them, and one that fails is not repeated by each."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, get_ident
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
