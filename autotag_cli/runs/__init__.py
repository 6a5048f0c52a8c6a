"""Bulk runs over a library: trying them out, starting, watching and stopping them."""
