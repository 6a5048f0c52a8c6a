"""``autotag rules``: read, check, compare, improve and publish rules."""
