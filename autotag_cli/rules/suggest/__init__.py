"""Suggest thresholds from what people say about labels."""
