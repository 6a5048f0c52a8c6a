"""A page to watch the environment by."""
