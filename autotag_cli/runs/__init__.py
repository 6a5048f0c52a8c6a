"""Bulk runs over a library: try them out, start, watch and stop them."""
