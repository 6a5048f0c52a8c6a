"""Usage that AWS bills: of one live image, and of a stack without any traffic in a month.

Requests of the deployed code to DynamoDB, SQS and EventBridge are counted: ``bench/bulk.py cost`` counts them again,
and tests/integration/adapters/aws/test_cost.py compares. Seconds and bytes of log are assumed, and marked as such.
"""

from msgspec import Struct

MINUTES = 30 * 24 * 60
"""Minutes of a month; the poller runs once a minute."""


class Usage(Struct, frozen=True, kw_only=True):
    """Amounts of everything that has a price; ``table_bytes`` are stored for a month."""

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
    dashboards: float = 0


GB = 0.5
"""The memory of a function in gigabytes."""
DOOR, WORK, ECHO, POLL = 0.010, 0.300, 0.020, 0.200
"""Assumed seconds of an invocation: the webhook; the worker, half of it waiting for Cloudinary's answer; the
worker for the notification of its own change; the poller when nothing is due."""
LOG = 1_200
"""Assumed bytes that an invocation logs: its own line, its metrics, and Lambda's three lines."""

STATE_BYTES, HISTORY_BYTES = 640, 605
"""Counted: bytes that the two tables store for an image that was tagged once."""

LIVE_IMAGE = Usage(
    write_units=6,  # the state is written twice; its name is indexed once, what is due twice; the audit
    read_units=3.5,  # the state, twice; other assets of the name; the state at our own change
    lambda_requests=4,  # the upload and our own change: each in the webhook and in the worker
    gb_seconds=GB * (2 * DOOR + WORK + ECHO),
    queue_requests=6,  # both are sent, received and deleted
    events=1,
    log_bytes=4 * LOG,
)
"""An upload whose notification has all of its fifty labels; one call makes a dozen of them tags."""

IDLE_MONTH = Usage(
    read_units=25.5 * MINUTES,  # three kinds of work in sixteen partitions, runs, rules
    lambda_requests=MINUTES,
    gb_seconds=GB * POLL * MINUTES,
    queue_requests=2 * 5 * 3 * MINUTES,  # five readers of each of two queues, each asking every twenty seconds
    log_bytes=LOG * MINUTES,
    secrets=1,
    alarms=21,
    dashboards=1,
)
"""A month of a stack with nothing to do."""

TRAFFIC_MONTH = Usage(metrics=4)
"""What any amount of traffic adds: the metrics ``Accepted``, ``Decided``, ``Duplicate`` and ``TagCalls``."""
