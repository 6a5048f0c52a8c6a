"""Faults of the deployed stack, injected for real: failing tag calls, killed workers, messages that stay hidden."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.clients.cloudinary import upload
from local.clients.functions import invoke_function
from local.clients.simulator_control import add_fault, times_applied
from local.core.waiting import until
from local.stack.stack import Stack
from local.stress.process_kills import function_processes, kill
from tests.e2e.stack_client import SOON, audits, ops, simulator_control


@contextmanager
def tag_call_fault(stack: Stack, **fault: Any) -> Iterator[int]:
    """Inject a fault into tag calls while the block runs, ``times`` times at most. Yields its number."""
    times = fault.pop("times", None)
    match = {"path": "*/tags", "method": "POST"} | ({"count": times} if times else {})
    number = add_fault(stack, match, fault)
    try:
        yield number
    finally:
        simulator_control(stack, "DELETE", f"faults/{number}")


def sweep_until_audited(stack: Stack, asset: str, *, within: float, count: int = 1) -> list[dict[str, Any]]:
    """Run the poller every second until an asset has ``count`` audits and no open intent; return its audits."""

    def done() -> list[dict[str, Any]]:
        assert invoke_function(stack, "Poller", {"source": "aws.events"}).error is None
        stored = audits(stack, asset)
        return stored if len(stored) >= count and ops(stack).show(asset)["intent"] is None else []

    return until(done, f"the poller to finish {asset}", within=within, every=1)


@contextmanager
def visibility_timeout(stack: Stack, seconds: int) -> Iterator[None]:
    """Let the queue hide messages that are received for so long."""
    sqs, url = stack.client("sqs"), stack.outputs["QueueUrl"]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


def kill_with_a_call_on_its_way(stack: Stack, folder: Path, public_ids: list[str]) -> int:
    """Upload assets, and kill every worker in the middle of its batch; return how many there were."""
    with tag_call_fault(stack, delay=20.0) as number:
        for public_id in public_ids:
            upload(stack.simulator_url, public_id, tags="press")
        until(lambda: times_applied(stack, number), "a tag call to be on its way", within=SOON, every=0.02)
        return sum(map(kill, function_processes(folder, "Worker")))
