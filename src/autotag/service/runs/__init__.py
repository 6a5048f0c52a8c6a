"""Plan and process runs over a library."""
