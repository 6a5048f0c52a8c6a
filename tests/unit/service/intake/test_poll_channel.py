"""The way in without a door: nothing is acknowledged before it is queued, and nothing but the authentic is queued."""

from collections.abc import Callable

import pytest

from autotag.domain.errors import AutotagError, CredentialsRefused, Permanent, Retryable
from autotag.domain.model.messages import asset_id_of
from autotag.domain.notifications.credentials import Credentials
from autotag.domain.notifications.polled import Polled
from autotag.domain.notifications.signature import digest
from autotag.service.intake.accept import MAX_BODY, IntakeDependencies, Policy
from autotag.service.intake.poll_channel import AGELESS, drain_poll_channel
from tests.fakes.effects import Died
from tests.fakes.runtime import FakeClock, FakeTelemetry
from tests.unit.domain.samples import A_UPLOAD, B_PENDING, F_DELETE
from tests.unit.handlers.webhook.webhook_requests import CREDENTIALS, NOW, SECRET, FakeQueue, FakeSecrets

DAY = 86400


class FakeChannel:
    """Holds messages; what was received and not acknowledged comes again with the next process.

    ``fails`` are raised by the next receives, one each; ``ack_fails`` by the next acknowledgement.
    """

    def __init__(self, *bodies: bytes) -> None:
        self.waiting = {f"h{n}": polled(body, f"h{n}") for n, body in enumerate(bodies)}
        self.invisible: set[str] = set()
        self.fails: list[AutotagError] = []
        self.ack_fails: BaseException | None = None
        self.before_ack: Callable[[], None] = lambda: None
        self.waits: list[int] = []

    def receive(self, wait: int) -> list[Polled]:
        self.waits.append(wait)
        if self.fails:
            raise self.fails.pop(0)
        found = [message for handle, message in self.waiting.items() if handle not in self.invisible][:2]
        self.invisible.update(message.receipt_handle for message in found)
        return found

    def acknowledge(self, receipt_handles: list[str]) -> None:
        self.before_ack()
        if self.ack_fails is not None:
            raise self.ack_fails
        for handle in receipt_handles:
            del self.waiting[handle]


def polled(body: bytes, handle: str = "h", *, at: int = NOW, secret: str = SECRET) -> Polled:
    return Polled(handle, body, {"x-cld-timestamp": str(at), "x-cld-signature": digest(body, str(at), secret)})


class Intake:
    """The use-case on fakes; an invocation's time is up after a few receives."""

    def __init__(self, channel: FakeChannel) -> None:
        self.channel, self.secrets, self.queue = channel, FakeSecrets(), FakeQueue()
        self.telemetry, self.clock = FakeTelemetry(), FakeClock()

    def run(self, receives: int = 3, wait: int = 60) -> None:
        """One process: what an earlier one had received is visible again."""
        self.channel.invisible.clear()
        left = iter([75.0 - 20 * n for n in range(receives)] + [0.0])
        deps = IntakeDependencies(self.secrets, self.queue, self.clock, self.telemetry, Policy(AGELESS))
        drain_poll_channel(self.channel, deps, wait, remaining=lambda: next(left))

    @property
    def queued(self) -> list[str]:
        return [asset_id_of(message) for message in self.queue.messages]


UPLOADED, PENDING = "9d2f7c1e4b6a48d0a3c5e8f71b2d6094", "a1b2c3"


def test_what_waits_is_queued_and_acknowledged() -> None:
    intake = Intake(FakeChannel(A_UPLOAD, B_PENDING, F_DELETE))
    intake.run()

    assert intake.queued == [UPLOADED, PENDING, PENDING] and intake.channel.waiting == {}
    assert intake.telemetry.counts == {"Accepted": 3}


def test_nothing_is_acknowledged_before_it_is_queued() -> None:
    intake = Intake(FakeChannel(A_UPLOAD))
    seen: list[list[str]] = []
    intake.channel.before_ack = lambda: seen.append(intake.queued)
    intake.run()

    assert seen == [[UPLOADED]]


def test_dying_between_queueing_and_acknowledging_brings_the_message_again() -> None:
    intake = Intake(FakeChannel(A_UPLOAD))
    intake.channel.ack_fails = Died()
    with pytest.raises(Died):
        intake.run()
    intake.channel.ack_fails = None
    intake.run()

    assert intake.queued == [UPLOADED, UPLOADED] and intake.channel.waiting == {}  # the worker decides once


def test_a_queue_that_is_down_leaves_the_rest_in_the_channel() -> None:
    intake = Intake(FakeChannel(A_UPLOAD, B_PENDING))
    intake.queue.takes = 1
    intake.run()

    assert intake.queued == [UPLOADED] and set(intake.channel.waiting) == {"h1"}
    assert intake.telemetry.counts == {"Accepted": 1, "Unavailable": 1}
    intake.queue.takes = 10
    intake.run()
    assert intake.queued == [UPLOADED, PENDING] and intake.channel.waiting == {}


def test_a_secret_store_that_is_down_leaves_everything_in_the_channel() -> None:
    intake = Intake(FakeChannel(A_UPLOAD))
    intake.secrets.down = True
    intake.run()

    assert intake.queued == [] and set(intake.channel.waiting) == {"h0"}


def test_what_is_not_authentic_is_neither_queued_nor_acknowledged() -> None:
    channel = FakeChannel(A_UPLOAD, B_PENDING)
    channel.waiting["h0"] = polled(A_UPLOAD, "h0", secret="another")
    intake = Intake(channel)
    intake.run()

    assert intake.queued == [PENDING] and set(channel.waiting) == {"h0"}
    assert intake.telemetry.counts == {"Accepted": 1, "Rejected": 1}
    told = repr(intake.telemetry.lines)
    assert "mismatch" in told and channel.waiting["h0"].headers["x-cld-signature"] not in told


def test_after_a_rotation_what_had_waited_is_let_in() -> None:
    channel = FakeChannel(A_UPLOAD)
    channel.waiting["h0"] = polled(A_UPLOAD, "h0", secret="the new one")
    intake = Intake(channel)
    intake.run()
    assert intake.queued == []
    intake.secrets.stored = Credentials("demo", "222", "x", notification_secrets={"333": "the new one"})
    intake.run()

    assert intake.queued == [UPLOADED] and channel.waiting == {} and intake.secrets.cached != CREDENTIALS


def test_what_has_waited_for_days_is_let_in() -> None:
    channel = FakeChannel(A_UPLOAD)
    channel.waiting["h0"] = polled(A_UPLOAD, "h0", at=NOW - 9 * DAY)
    intake = Intake(channel)
    intake.run()

    assert intake.queued == [UPLOADED]


def test_what_nobody_could_ever_handle_is_told_and_taken_out() -> None:
    intake = Intake(FakeChannel(b"null", b'{"notification_type":"eager"}', A_UPLOAD))
    intake.run()

    assert intake.queued == [UPLOADED] and intake.channel.waiting == {}
    assert intake.telemetry.counts == {"Malformed": 1, "Ignored": 1, "Accepted": 1}


def test_a_large_one_is_queued_as_a_hint() -> None:
    body = A_UPLOAD[:-1] + b',"x":"' + b"x" * MAX_BODY + b'"}'
    intake = Intake(FakeChannel(body))
    intake.run()

    assert intake.queued == [UPLOADED] and type(intake.queue.messages[0]).__name__ == "RefetchAsset"
    assert intake.channel.waiting == {}


@pytest.mark.parametrize(
    ("error", "metric"),
    [
        (Retryable("503"), "Unavailable"),
        (Permanent("400"), "Unavailable"),
        (CredentialsRefused("401"), "CredentialsRefused"),
    ],
)
def test_a_channel_that_gives_nothing_is_asked_again_by_the_next_minute(error: AutotagError, metric: str) -> None:
    intake = Intake(FakeChannel(A_UPLOAD))
    intake.channel.fails = [error]
    intake.run()
    assert intake.queued == [] and intake.telemetry.counts == {metric: 1} and len(intake.channel.waits) == 1
    intake.run()

    assert intake.queued == [UPLOADED]


def test_an_acknowledgement_that_fails_is_told_and_the_rest_goes_on() -> None:
    intake = Intake(FakeChannel(A_UPLOAD, B_PENDING, F_DELETE))
    intake.channel.ack_fails = Retryable("503")
    intake.run()

    assert intake.queued == [UPLOADED, PENDING, PENDING] and len(intake.channel.waiting) == 3
    assert intake.telemetry.counts["Retried"] == 2


def test_without_waiting_the_channel_is_emptied_and_the_first_empty_answer_ends_it() -> None:
    intake = Intake(FakeChannel(A_UPLOAD, B_PENDING, F_DELETE))
    intake.run(receives=9, wait=0)
    assert len(intake.queued) == 3 and intake.channel.waiting == {}
    assert intake.channel.waits == [0, 0, 0]  # two messages, one, none


def test_it_waits_so_long_in_all_and_then_only_takes_what_is_there() -> None:
    intake = Intake(FakeChannel())
    intake.run(receives=9, wait=30)
    assert intake.channel.waits == [20, 10, 0]


def test_no_receive_waits_longer_than_there_is_time() -> None:
    intake = Intake(FakeChannel())
    intake.run(4)

    assert intake.channel.waits == [20, 20, 20]
