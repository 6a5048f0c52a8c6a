"""Clients of a running stack: the ``autotag`` command, Cloudinary, the functions, queues and tables."""
