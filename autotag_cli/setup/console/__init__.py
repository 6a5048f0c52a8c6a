"""``autotag setup --console``: how people sign in to the deployed console."""
