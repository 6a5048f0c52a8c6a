"""What AWS bills for: how much of it a live image uses, and how much a stack without any traffic uses in a month.

What the deployed code asks DynamoDB, SQS and EventBridge for is counted (``bench/bulk.py cost`` counts it again, and
tests/integration/adapters/test_cost.py compares). Seconds and bytes of log are assumed, and said to be.
"""

from msgspec import Struct

MINUTES = 30 * 24 * 60
"""Of a month; the poller runs once in each."""


class Usage(Struct, frozen=True, kw_only=True):
    """Amounts of what has a price."""

    lambda_requests: float = 0
    gb_seconds: float = 0
    write_units: float = 0
    read_units: float = 0
    queue_requests: float = 0
    events: float = 0
    log_bytes: float = 0
    secrets: float = 0
    secret_calls: float = 0
    alarms: float = 0
    metrics: float = 0
    table_bytes: float = 0


_GB = 0.5
"""Of a function's memory."""
_DOOR, _WORK, _ECHO, _POLL = 0.010, 0.300, 0.020, 0.100
"""Assumed seconds of an invocation: the webhook; the worker, half of which is Cloudinary's answer; the worker that
finds its own change announced; the poller with nothing to do."""
_LOG = 1_200
"""Assumed bytes that an invocation logs: its own line, its metrics, and Lambda's three."""

STATE_BYTES, HISTORY_BYTES = 1_950, 2_250
"""Counted: what both tables keep of an image once it is tagged."""

LIVE_IMAGE = Usage(
    lambda_requests=4,  # the upload and our own change: each at the door, and each in the worker
    gb_seconds=_GB * (2 * _DOOR + _WORK + _ECHO),
    write_units=14.6,
    read_units=3.6,
    queue_requests=6,  # sent, received and deleted
    events=1,
    log_bytes=4 * _LOG,
)
"""An upload with fifty labels, whose notification is complete; the tags are written with one call."""

IDLE_MONTH = Usage(
    lambda_requests=MINUTES,
    gb_seconds=MINUTES * _GB * _POLL,
    read_units=MINUTES * 34 / 2,  # two kinds of work in sixteen partitions, the rules, the runs
    queue_requests=2 * 5 * MINUTES * 60 / 20,  # both queues are asked by five readers, twenty seconds each time
    log_bytes=MINUTES * _LOG,
    secrets=1,
    alarms=18,
)
"""A stack with nothing to do."""
