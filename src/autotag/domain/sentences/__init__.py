"""Sentences that say in plain words why each tag is there or not, and what happened to an asset."""
