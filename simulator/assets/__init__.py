"""Stored assets: upload sources, names, folders, tags, labels, listing."""
