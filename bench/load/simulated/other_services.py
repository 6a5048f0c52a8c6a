"""Clients of SQS and EventBridge in memory. A queue hides what was received, counts receives, and gives up at last."""

from collections import Counter
from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from itertools import count
from typing import Any

Answer = dict[str, Any]
BeforeCall = Callable[[str, Mapping[str, Any]], None]


class Queue:
    """A standard queue. ``now`` returns seconds; ``on_arrival`` is called when a message is to come, now or later."""

    def __init__(self, name: str, now: Callable[[], float], visibility: float, most_receives: int) -> None:
        self.name, self._now, self._visibility, self._most = name, now, visibility, most_receives
        self.on_arrival: Callable[[], None] = lambda: None
        self._order = count()
        self._waiting: list[tuple[float, int, Answer]] = []
        self._held: dict[str, tuple[float, Answer]] = {}
        self.dead: list[Answer] = []
        self.receives: Counter[int] = Counter()

    def send(self, body: str, delay: float = 0) -> None:
        """Store a message."""
        number = next(self._order)
        message = {"id": f"m{number}", "body": body, "receives": 0, "sent": self._now()}
        heappush(self._waiting, (self._now() + delay, number, message))
        self.on_arrival()

    def receive(self, most: int) -> list[Answer]:
        """Return up to ``most`` messages as Lambda passes them on, and hide them."""
        now = self._now()
        for receipt in [receipt for receipt, (until, _) in self._held.items() if until <= now]:
            self._return(receipt, now)
        records: list[Answer] = []
        while len(records) < most and self._waiting and self._waiting[0][0] <= now:
            message = heappop(self._waiting)[2]
            if message["receives"] >= self._most:
                self.dead.append(message)
                continue
            message["receives"] += 1
            self.receives[message["receives"]] += 1
            receipt = f"{message['id']}.{message['receives']}"
            self._held[receipt] = now + self._visibility, message
            records.append(_record(self.name, receipt, message))
        return records

    def delete(self, receipt: str) -> None:
        """Remove a received message for good."""
        self._held.pop(receipt, None)

    def hide(self, receipt: str, seconds: float) -> None:
        """Let a received message come again after ``seconds``."""
        if receipt in self._held:
            self._held[receipt] = self._now() + seconds, self._held[receipt][1]
            self.on_arrival()

    def _return(self, receipt: str, at: float) -> None:
        message = self._held.pop(receipt)[1]
        heappush(self._waiting, (at, next(self._order), message))

    @property
    def next_at(self) -> float:
        """When the next message can be received, as far as is known now."""
        held = min((until for until, _ in self._held.values()), default=float("inf"))
        return min(held, self._waiting[0][0] if self._waiting else float("inf"))

    @property
    def depth(self) -> int:
        """The messages that wait, or are being handled."""
        return len(self._waiting) + len(self._held)


def _record(queue: str, receipt: str, message: Answer) -> Answer:
    return {
        "messageId": message["id"],
        "receiptHandle": receipt,
        "body": message["body"],
        "attributes": {
            "ApproximateReceiveCount": str(message["receives"]),
            "SentTimestamp": str(round(message["sent"] * 1000)),
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:{queue}",
        "awsRegion": "us-east-1",
    }


class SQS:
    """A client of queues, which their URLs name at the end."""

    def __init__(self, queues: Mapping[str, Queue], before_call: BeforeCall) -> None:
        self._queues, self._before_call = queues, before_call
        self.calls: Counter[str] = Counter()

    def _queue(self, operation: str, call: Mapping[str, Any]) -> Queue:
        self.calls[operation] += 1
        self._before_call(operation, call)
        return self._queues[call["QueueUrl"].rpartition("/")[2]]

    def send_message(self, **call: Any) -> Answer:
        """Send one message."""
        self._queue("SendMessage", call).send(call["MessageBody"], call.get("DelaySeconds", 0))
        return {"MessageId": "m"}

    def send_message_batch(self, **call: Any) -> Answer:
        """Send up to ten messages."""
        queue = self._queue("SendMessageBatch", call)
        for entry in call["Entries"]:
            queue.send(entry["MessageBody"], entry.get("DelaySeconds", 0))
        return {"Successful": [{"Id": entry["Id"]} for entry in call["Entries"]]}

    def change_message_visibility(self, **call: Any) -> Answer:
        """Let a message come again at another time."""
        self._queue("ChangeMessageVisibility", call).hide(call["ReceiptHandle"], call["VisibilityTimeout"])
        return {}

    def get_queue_attributes(self, **call: Any) -> Answer:
        """Return how many messages a queue holds."""
        depth = self._queue("GetQueueAttributes", call).depth
        return {
            "Attributes": {
                "ApproximateNumberOfMessages": str(depth),
                "ApproximateNumberOfMessagesNotVisible": "0",
                "ApproximateNumberOfMessagesDelayed": "0",
            }
        }


class Events:
    """A client of EventBridge that takes everything."""

    def __init__(self, before_call: BeforeCall) -> None:
        self._before_call = before_call
        self.calls: Counter[str] = Counter()

    def put_events(self, **call: Any) -> Answer:
        """Take events."""
        self.calls["PutEvents"] += 1
        self._before_call("PutEvents", call)
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "e"} for _ in call["Entries"]]}
