"""Runs as the console sees them: plans, made in the background or in steps, and how fast runs go."""
