"""``autotag rules init`` and ``autotag rules example``: a commented rules file to begin with, and the recipes."""
