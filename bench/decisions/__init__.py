"""``make bench``: decisions on labels, compared with other rule engines."""
