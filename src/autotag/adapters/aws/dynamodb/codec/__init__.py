"""Compact bytes for what is stored of assets and audits: each text once, rows as columns, compressed."""
