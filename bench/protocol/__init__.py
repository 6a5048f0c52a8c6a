"""``make model``: every interleaving of the processes that handle one asset, searched for broken promises."""
