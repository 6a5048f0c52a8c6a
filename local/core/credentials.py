"""Credentials of the local stack. They are documented, for tests only, and valid nowhere else."""

from typing import Final

CLOUD_NAME: Final = "demo"

NOTIFICATION_KEY: Final = "111111111111111"
"""The oldest key of the cloud: Cloudinary signs notifications with its secret."""
NOTIFICATION_SECRET: Final = "notification-test-secret"

WRITER_KEY: Final = "222222222222222"
"""The service's own key; nothing else uses it."""
WRITER_SECRET: Final = "writer-test-secret"

DOCUMENTED_TIMESTAMP: Final = "1791460800"
"""The ``X-Cld-Timestamp`` of the notifications in ``events/``."""

SECRET_VALUE: Final[dict[str, object]] = {
    "cloud_name": CLOUD_NAME,
    "api_key": WRITER_KEY,
    "api_secret": WRITER_SECRET,
    "notification_secrets": {NOTIFICATION_KEY: NOTIFICATION_SECRET},
    "writer_key_dedicated": True,
    "keeps_tags": False,
}
"""The content of the local stack's secret."""

AWS_ENVIRONMENT: Final = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}
"""The credentials and the region that the emulator accepts."""
