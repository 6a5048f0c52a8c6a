"""``autotag doctor``: every link of the chain, and the command that mends it."""
