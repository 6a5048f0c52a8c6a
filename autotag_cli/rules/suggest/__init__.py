"""Suggest thresholds from what people accepted and removed."""
