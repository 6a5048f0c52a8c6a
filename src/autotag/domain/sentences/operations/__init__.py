"""Sentences for operators: what a run would change, and how well the service is."""
