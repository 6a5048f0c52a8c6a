"""``autotag review sample``: random questions about labels of any confidence, mixed into the review queue."""
