"""The system's clock and randomness."""

import random
import time
import uuid


class SystemClock:
    """Implements the ``Clock`` port."""

    def now(self) -> int:
        """Return unix milliseconds."""
        return time.time_ns() // 1_000_000

    def unique(self) -> str:
        """Return 32 random hex digits."""
        return uuid.uuid4().hex

    def jitter(self, seconds: float) -> float:
        """Return between half of ``seconds`` and all of it, so that what failed together is not retried together."""
        return seconds * random.uniform(0.5, 1)  # noqa: S311 (jitter, not a secret)
