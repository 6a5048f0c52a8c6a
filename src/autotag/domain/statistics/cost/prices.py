"""AWS's prices in dollars, in us-east-1, without a free tier, as its pages said in November 2026.

Other regions differ by some percent, and prices change: check the page before you rely on a figure.
"""

MILLION = 1_000_000

LAMBDA_REQUEST = 0.20 / MILLION
LAMBDA_GB_SECOND = 0.0000133334
"""On arm64. Both: aws.amazon.com/lambda/pricing"""

WRITE_UNIT = 0.625 / MILLION
"""On-demand table: a write of up to 1 KB. aws.amazon.com/dynamodb/pricing/on-demand"""
READ_UNIT = 0.125 / MILLION
"""On-demand table: a consistent read of up to 4 KB, or two eventually consistent ones. The same page."""
TABLE_GB_MONTH = 0.25
RECOVERY_GB_MONTH = 0.20
"""Point-in-time recovery, of the size of the table. The same page."""

QUEUE_REQUEST = 0.40 / MILLION
"""Standard queue: a call of up to 64 KB. aws.amazon.com/sqs/pricing"""

EVENT = 1.00 / MILLION
"""A custom event of up to 64 KB. aws.amazon.com/eventbridge/pricing"""

DETECT_LABELS = 1000.0 / MILLION
"""A picture of DetectLabels, in the first tier of a month; it falls by volume. aws.amazon.com/rekognition/pricing"""

TRANSLATED_CHARACTER = 15.00 / MILLION
"""A character that Amazon Translate translates at once, white space included. aws.amazon.com/translate/pricing"""

SECRET_MONTH = 0.40
"""aws.amazon.com/secrets-manager/pricing"""

LOG_GB = 0.50
"""Ingested logs. aws.amazon.com/cloudwatch/pricing"""
ALARM_MONTH = 0.10
METRIC_MONTH = 0.30
"""A custom metric that got a value in the month. The same page."""
DASHBOARD_MONTH = 3.00
"""A dashboard. The same page; an account's first three, of at most fifty metrics each, are in the free tier."""
