"""The value types that all stages share."""
