"""What AWS asks, in dollars, in us-east-1, without a free tier, as its pages said in November 2026.

Other regions differ by some percent, and prices change: whoever decides by the figure looks at the page.
"""

MILLION = 1_000_000

LAMBDA_REQUEST = 0.20 / MILLION
LAMBDA_GB_SECOND = 0.0000133334
"""On arm64. Both: aws.amazon.com/lambda/pricing"""

WRITE_UNIT = 0.625 / MILLION
"""Of a table on demand: a write of up to 1 KB. aws.amazon.com/dynamodb/pricing/on-demand"""
READ_UNIT = 0.125 / MILLION
"""Of a table on demand: a consistent read of up to 4 KB, or two eventually consistent ones. The same page."""
TABLE_GB_MONTH = 0.25
RECOVERY_GB_MONTH = 0.20
"""Point-in-time recovery, of the size of the table. The same page."""

QUEUE_REQUEST = 0.40 / MILLION
"""A standard queue: a call of up to 64 KB. aws.amazon.com/sqs/pricing"""

EVENT = 1.00 / MILLION
"""An event of one's own of up to 64 KB. aws.amazon.com/eventbridge/pricing"""

SECRET_MONTH = 0.40
"""aws.amazon.com/secrets-manager/pricing"""

LOG_GB = 0.50
"""What comes in. aws.amazon.com/cloudwatch/pricing"""
ALARM_MONTH = 0.10
METRIC_MONTH = 0.30
"""A custom metric that was counted in the month. The same page."""
