"""``autotag setup``: the secret, the notification triggers, and a probe through the whole chain."""
