"""Runs as the console sees them: plans that are made in the background, and how fast runs go."""
