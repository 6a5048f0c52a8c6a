"""``make soak`` and ``make library``: many assets under faults and killed processes, counted afterwards."""
