"""``autotag rules``: reading, checking, comparing and publishing rules."""
