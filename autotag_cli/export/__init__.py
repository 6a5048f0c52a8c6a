"""``autotag export``: every asset of a stack in one file, written page by page and read in parts."""
