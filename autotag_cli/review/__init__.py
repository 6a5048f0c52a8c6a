"""``autotag review``: the tags in review, and the answers of reviewers."""
