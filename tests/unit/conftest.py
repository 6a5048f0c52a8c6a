"""What the handler modules need when they are imported: settings, a region and credentials that are valid nowhere."""

import os

_NOWHERE = "https://sqs.us-east-1.amazonaws.com/000000000000"

os.environ.update(
    {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        "QUEUE_URL": f"{_NOWHERE}/queue",
        "BULK_QUEUE_URL": f"{_NOWHERE}/bulk",
        "DEAD_LETTER_QUEUE_URL": f"{_NOWHERE}/dead",
        "BULK_DEAD_LETTER_QUEUE_URL": f"{_NOWHERE}/bulk-dead",
        "EXPORT_QUEUE_URL": f"{_NOWHERE}/exports",
        "EXPORT_BUCKET": "exports",
        "STACK_NAME": "autotag",
        "SECRET_ID": "secret",
        "POLL_CHANNEL": "autotag",
        "STATE_TABLE": "state",
        "HISTORY_TABLE": "history",
        "EVENT_BUS_NAME": "bus",
        "POWERTOOLS_SERVICE_NAME": "tests",
        "POWERTOOLS_METRICS_NAMESPACE": "autotag",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
)
