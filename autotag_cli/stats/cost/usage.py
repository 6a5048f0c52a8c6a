"""What AWS bills for: how much of it a live image uses, and how much a stack without any traffic uses in a month.

What the deployed code asks DynamoDB, SQS and EventBridge for is counted (``bench/bulk.py cost`` counts it again, and
tests/integration/adapters/aws/test_cost.py compares). Seconds and bytes of log are assumed, and said to be.
"""

from msgspec import Struct

MINUTES = 30 * 24 * 60
"""Of a month; the poller runs once in each."""


class Usage(Struct, frozen=True, kw_only=True):
    """Amounts of what has a price; ``table_bytes`` are kept for a month."""

    write_units: float = 0
    read_units: float = 0
    table_bytes: float = 0
    lambda_requests: float = 0
    gb_seconds: float = 0
    queue_requests: float = 0
    events: float = 0
    log_bytes: float = 0
    secrets: float = 0
    alarms: float = 0
    metrics: float = 0


GB = 0.5
"""Of a function's memory."""
DOOR, WORK, ECHO, POLL = 0.010, 0.300, 0.020, 0.200
"""Assumed seconds of an invocation: the webhook; the worker, half of which is Cloudinary's answer; the worker where it
is told of its own change; the poller where nothing is due."""
LOG = 1_200
"""Assumed bytes that an invocation logs: its own line, its metrics, and Lambda's three lines."""

STATE_BYTES, HISTORY_BYTES = 2_050, 2_070
"""Counted: what the two tables keep of an image that was tagged once."""

LIVE_IMAGE = Usage(
    write_units=14.6,  # the state twice, 4 each time; its indexes, 4; the audit, 2.6
    read_units=4.5,  # the state, twice, who else has the name; the state and the audit when our own change is told
    lambda_requests=4,  # the upload and our own change: each at the door, and each in the worker
    gb_seconds=GB * (2 * DOOR + WORK + ECHO),
    queue_requests=6,  # both are sent, received and deleted
    events=1,
    log_bytes=4 * LOG,
)
"""An upload with fifty labels whose notification is complete, a dozen of which become tags by one call."""

IDLE_MONTH = Usage(
    read_units=25.5 * MINUTES,  # three kinds of work in sixteen partitions, runs, rules
    lambda_requests=MINUTES,
    gb_seconds=GB * POLL * MINUTES,
    queue_requests=2 * 5 * 3 * MINUTES,  # five readers of each of two queues, each asking every twenty seconds
    log_bytes=LOG * MINUTES,
    secrets=1,
    alarms=17,
)
"""A stack with nothing to do."""

TRAFFIC_MONTH = Usage(metrics=3)
"""What comes to it with any traffic, much or little: the metrics ``Decided``, ``Duplicate`` and ``Retried``."""
