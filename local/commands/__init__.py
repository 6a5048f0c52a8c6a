"""``make up``, ``make sample`` and ``make invoke``."""
