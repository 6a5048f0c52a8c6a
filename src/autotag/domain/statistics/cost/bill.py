"""The bill for usage, line by line: amounts times prices, no discount, no free tier."""

from autotag.domain.statistics.cost import prices
from autotag.domain.statistics.cost.usage import Usage

_GB = 2**30


def bill(usage: Usage) -> dict[str, float]:
    """Return the dollars of each line of the bill."""
    return {
        "DynamoDB writes": usage.write_units * prices.WRITE_UNIT,
        "DynamoDB reads": usage.read_units * prices.READ_UNIT,
        "DynamoDB storage": usage.table_bytes / _GB * (prices.TABLE_GB_MONTH + prices.RECOVERY_GB_MONTH),
        "Lambda": usage.lambda_requests * prices.LAMBDA_REQUEST + usage.gb_seconds * prices.LAMBDA_GB_SECOND,
        "SQS": usage.queue_requests * prices.QUEUE_REQUEST,
        "Rekognition": usage.detections * prices.DETECT_LABELS,
        "EventBridge": usage.events * prices.EVENT,
        "CloudWatch": usage.log_bytes / _GB * prices.LOG_GB
        + usage.alarms * prices.ALARM_MONTH
        + usage.metrics * prices.METRIC_MONTH
        + usage.dashboards * prices.DASHBOARD_MONTH,
        "Secrets Manager": usage.secrets * prices.SECRET_MONTH,
    }


def times(usage: Usage, factor: float) -> Usage:
    """Return ``usage`` times ``factor``."""
    return Usage(**{name: getattr(usage, name) * factor for name in usage.__struct_fields__})


def plus(one: Usage, other: Usage) -> Usage:
    """Return the sum of both."""
    return Usage(**{name: getattr(one, name) + getattr(other, name) for name in one.__struct_fields__})
