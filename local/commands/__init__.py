"""``make up``, ``make sample``, ``make invoke`` and ``make release``."""
