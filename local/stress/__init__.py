"""``make soak``, ``make library`` and ``make outage``: many assets under faults, counted afterwards."""
