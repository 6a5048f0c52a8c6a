"""``autotag upload``: which files, under which names, in what order, and the result of each."""
