"""The console: web pages for the people who own the tags. They see the service through one function, ``ask``."""
