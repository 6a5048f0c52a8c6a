"""``autotag verify``: whether a notification's signature is valid, and which repair of the body makes it so."""
