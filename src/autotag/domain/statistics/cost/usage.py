"""Usage that AWS bills: of one live image, and of a stack without any traffic in a month.

Requests of the deployed code to DynamoDB, SQS and EventBridge are counted: ``bench/bulk.py cost`` counts them again,
and tests/integration/adapters/aws/test_cost.py compares. Bytes of log are counted (tests/unit/handlers/test_one_line.py
compares). Seconds are assumed where they are marked as such.
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
    detections: float = 0
    secrets: float = 0
    alarms: float = 0
    metrics: float = 0
    dashboards: float = 0


DOOR_GB, WORKER_GB, POLLER_GB = 0.5, 0.25, 0.5
"""The memory of the webhook, the worker and the poller in gigabytes, by default."""
CORE_GB = 1769 / 1024
"""The memory with which a function has a whole processor; less has the same part of it.
docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""

PROCESSOR = 0.014
"""Measured: seconds of a whole processor for an image in the worker (``make load``)."""
ANSWERS = 0.190
"""Assumed: seconds for which an image waits for answers, 0.15 of them for Cloudinary's."""
DOOR, ECHO, POLL = 0.010, 0.025, 0.200
"""Assumed: seconds of an invocation of the webhook; of the worker for the notification of its own change; of the poller
when nothing is due."""
WORK = PROCESSOR * CORE_GB / WORKER_GB + ANSWERS
"""Seconds of an invocation of the worker for one image."""

DOOR_LINE, WORK_LINE, ECHO_LINE = 390, 450, 220
"""Counted: bytes that an invocation logs: the webhook that accepts a notification, the worker that decides, and that
recognizes its own change. An idle poller logs nothing, and neither does Lambda where all goes well."""

STATE_BYTES, HISTORY_BYTES = 640, 605
"""Counted: bytes that the two tables store for an image that was tagged once."""

LIVE_IMAGE = Usage(
    write_units=4,  # the state is written twice; its name is indexed once; the audit
    read_units=3.5,  # the state, twice; other assets of the name; the state at our own change
    lambda_requests=4,  # the upload and our own change: each in the webhook and in the worker
    gb_seconds=2 * DOOR_GB * DOOR + WORKER_GB * (WORK + ECHO),
    queue_requests=6,  # both are sent, received and deleted
    events=1,
    log_bytes=2 * DOOR_LINE + WORK_LINE + ECHO_LINE,
)
"""An upload whose notification has all of its fifty labels; one call makes a dozen of them tags."""

DETECTION = 0.8
"""Assumed: seconds of the worker for a picture and the answer about it."""

DETECTED_IMAGE = Usage(
    detections=1,
    write_units=7,  # two more writes of a state with what is said about its labels; the unit of the budget
    read_units=1.5,
    lambda_requests=1,
    gb_seconds=WORKER_GB * DETECTION,
    queue_requests=3,
)
"""What an image costs beside ``LIVE_IMAGE`` where Rekognition is asked; Cloudinary's delivery is in its plan."""

IGNORED_LINE, GROUP_LINES = 285, 200
"""Counted: bytes of log: the webhook's line about a notification that it drops, and those of an asset in a run."""
GROUP_PROCESSOR = 0.010
"""Measured: seconds of a whole processor for an asset in a group of a run (``make load``, "resident")."""

RETAG_ASSET = Usage(
    write_units=5,
    read_units=2.65,
    lambda_requests=1.02,  # the webhook drops the notification of our own change; a message of a group is of many
    gb_seconds=DOOR_GB * DOOR + CORE_GB * GROUP_PROCESSOR,
    queue_requests=0.05,
    events=1,
    log_bytes=IGNORED_LINE + GROUP_LINES,
)
"""An asset that a run changes, one of many with the same change; ``bench/bulk.py cost`` counts it again."""

IDLE_MONTH = Usage(
    read_units=26 * MINUTES,  # three kinds of work in sixteen partitions, claims in one of them, runs, rules
    lambda_requests=MINUTES,
    gb_seconds=POLLER_GB * POLL * MINUTES,
    queue_requests=2 * 5 * 3 * MINUTES,  # five readers of each of two queues, each asking every twenty seconds
    secrets=1,
    alarms=21,
    dashboards=1,
)
"""A month of a stack with nothing to do."""

TRAFFIC_MONTH = Usage(metrics=4)
"""What any amount of traffic adds: the metrics ``Accepted``, ``Decided``, ``Duplicate`` and ``TagCalls``."""
