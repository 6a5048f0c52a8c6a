"""Faults that tests inject into calls and notifications."""
