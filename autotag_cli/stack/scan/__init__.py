"""Every asset of a stack, read page by page from several segments of its table at once."""
