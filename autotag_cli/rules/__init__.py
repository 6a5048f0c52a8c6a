"""``autotag rules``: reading, checking, comparing, improving and publishing rules."""
