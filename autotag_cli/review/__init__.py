"""``autotag review``: the tags that people are asked about, and their answers."""
