"""``autotag setup``: the secret, the notification triggers, and a test image through the whole chain."""
