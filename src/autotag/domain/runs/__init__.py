"""Runs over a library: which assets, at what pace, with what change."""
