"""The worker on fakes, fed as Lambda feeds it from a queue."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import EndpointConnectionError
from msgspec.structs import asdict

from autotag import bootstrap
from autotag.adapters.aws.sqs import SqsReturns
from autotag.domain.errors import Retryable
from autotag.domain.model.messages import Message, Task, encode
from autotag.ports.runtime import Start
from autotag.telemetry import in_one_line
from handlers.worker import consume
from tests.fakes.context import Fakes
from tests.fakes.runtime import in_turn
from tests.fakes.samples import GUITARIST, resource, upload

ARN = "arn:aws:sqs:us-east-1:000000000000:"
REQUEST_ID = "5f9c1b1e-0000-4000-8000-000000000000"
URL = "https://sqs.us-east-1.amazonaws.com/000000000000/"


class Client:
    """SQS, as far as it takes messages back."""

    def __init__(self) -> None:
        self.hidden: list[tuple[str, str, int]] = []
        self.fails = False

    def change_message_visibility(self, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> None:
        if self.fails:
            raise EndpointConnectionError(endpoint_url=QueueUrl)
        self.hidden.append((QueueUrl, ReceiptHandle, VisibilityTimeout))


def context(left: Callable[[], int]) -> LambdaContext:
    """Return an invocation that has ``left`` milliseconds."""

    class Context(LambdaContext):
        _aws_request_id = REQUEST_ID

        @staticmethod
        def get_remaining_time_in_millis() -> int:
            return left()

    return Context()


class Worker:
    """The worker on fakes: messages in, the ids of those that must come again out."""

    def __init__(self, start: Start = in_turn, fakes: Fakes | None = None) -> None:
        self.fakes, self.sqs = fakes or Fakes(), Client()
        returns = SqsReturns(self.sqs, (f"{URL}live", f"{URL}bulk"))
        self.worker = bootstrap.worker(**asdict(self.fakes.deps), returns=returns, start=start)

    def consume(self, *records: dict[str, Any], left: int | Callable[[], int] = 60_000) -> list[object]:
        milliseconds = left if callable(left) else lambda: left
        answer = consume({"Records": list(records)}, context(milliseconds), self.worker)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def invoke(self, *records: dict[str, Any]) -> list[object]:
        """Do the same with the log and the metrics of an invocation."""
        answer = in_one_line(lambda event, context: consume(event, context, self.worker))(
            {"Records": list(records)}, context(lambda: 60_000)
        )
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def given_asset(self, asset_id: str) -> Message:
        body = resource(asset_id, GUITARIST)
        self.fakes.cloudinary.assets[asset_id] = body
        return upload(body)


def record(name: str, body: str | Task, *, received: int = 1, queue: str = "live") -> dict[str, Any]:
    """Return an SQS record as Lambda delivers it."""
    return {
        "messageId": name,
        "receiptHandle": f"handle-{name}",
        "body": body if isinstance(body, str) else encode(body),
        "attributes": {
            "ApproximateReceiveCount": str(received),
            "SentTimestamp": "1791460800000",
            "SenderId": "AROAEXAMPLE",
            "ApproximateFirstReceiveTimestamp": "1791460800001",
        },
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": f"{ARN}{queue}",
        "awsRegion": "us-east-1",
    }


class Down:
    """A store that is throttled; ``delay`` is what it asks for."""

    def __init__(self, delay: float | None) -> None:
        self.delay = delay

    def __call__(self) -> None:
        raise Retryable("DynamoDB: ProvisionedThroughputExceededException", self.delay)
