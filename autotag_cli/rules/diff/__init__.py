"""Compare two sets of rules on many assets."""
