"""The shared vocabulary: values only."""
