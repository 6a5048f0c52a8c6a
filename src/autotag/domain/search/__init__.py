"""Searching assets: a small query language, which assets match, and the sentences that say why."""
