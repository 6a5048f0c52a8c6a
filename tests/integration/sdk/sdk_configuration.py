"""The configuration that leads the official SDKs to the simulator: ``CLOUDINARY_URL``, as their documentation says."""

from tests.integration.simulator.simulator_client import SIGNING_KEY, SIGNING_SECRET

CLOUD = "demo"


def cloudinary_url(upload_prefix: str, key: str = SIGNING_KEY, secret: str = SIGNING_SECRET) -> str:
    """Return the ``CLOUDINARY_URL`` of the simulated account, whose API is at ``upload_prefix``."""
    return f"cloudinary://{key}:{secret}@{CLOUD}?upload_prefix={upload_prefix}"
