"""``make demo``: the whole system on a stack of its own, its results shown and checked."""
