"""The search expression language."""
