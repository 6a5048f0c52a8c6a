"""Signatures of notifications that the demonstration and the tests send themselves."""

import hashlib
import time


def signed_headers(
    body: bytes, secret: str, *, algorithm: str = "sha1", timestamp: int | None = None
) -> dict[str, str]:
    """Return the headers of a notification as Cloudinary signs it, at ``timestamp`` (unix seconds, default: now).

    ``algorithm`` is sha1 or sha256.
    """
    signed_at = str(int(time.time()) if timestamp is None else timestamp)
    signature = hashlib.new(algorithm, body + signed_at.encode() + secret.encode()).hexdigest()
    return {"Content-Type": "application/json", "X-Cld-Timestamp": signed_at, "X-Cld-Signature": signature}
