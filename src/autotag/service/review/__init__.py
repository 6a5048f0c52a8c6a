"""The review queue: list it, take answers, apply them."""
