"""How many functions the account runs at once, and how many of them may be workers of this stack."""

from typing import Any, NamedTuple

from autotag_cli.errors import Failure
from autotag_cli.stack.aws import aws_errors
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target

_MAPPINGS = {"live": "LiveMappingId", "bulk": "BulkMappingId"}


class Concurrency(NamedTuple):
    """Concurrent executions in the stack's region.

    ``account`` is the limit of all functions, ``unreserved`` what of it no function has reserved. ``live`` and ``bulk``
    are the most workers of each queue; None: an older stack does not name its event source mapping.
    """

    account: int
    unreserved: int
    live: int | None
    bulk: int | None

    @property
    def workers(self) -> int:
        """The most workers of both queues."""
        return (self.live or 0) + (self.bulk or 0)

    @property
    def left(self) -> int:
        """What is left to other functions while all workers run; negative if not all of them can."""
        return self.unreserved - self.workers


def read_concurrency(environment: Environment, target: Target) -> Concurrency:
    """Return the account's limit and the workers' share; raises ``Failure`` if AWS does not say it.

    Source: Lambda API reference, GetAccountSettings, ``AccountLimit``, and GetEventSourceMapping, ``ScalingConfig``.
    """
    with aws_errors("the account's limit of concurrent executions cannot be read"):
        lambda_client = environment.aws(target, "lambda")
        limit = lambda_client.get_account_settings().get("AccountLimit", {})
        workers = {queue: _most(lambda_client, target.outputs.get(output)) for queue, output in _MAPPINGS.items()}
    if not limit.get("ConcurrentExecutions"):
        raise Failure("the account's limit of concurrent executions cannot be read: AWS named none")
    account = int(limit["ConcurrentExecutions"])
    return Concurrency(account, int(limit.get("UnreservedConcurrentExecutions", account)), **workers)


def _most(lambda_client: Any, uuid: str | None) -> int | None:
    if not uuid:
        return None
    most = lambda_client.get_event_source_mapping(UUID=uuid).get("ScalingConfig", {}).get("MaximumConcurrency")
    return None if most is None else int(most)
