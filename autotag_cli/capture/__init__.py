"""``autotag capture``: a real body with everything that identifies anyone replaced, so that it can be shared."""
