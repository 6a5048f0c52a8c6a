"""Pages about all assets at once, from an export in columns. They need DuckDB and numpy: not every console has them."""
