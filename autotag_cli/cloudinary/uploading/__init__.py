"""``autotag upload``: which files, under which names, in what order, and what becomes of each."""
