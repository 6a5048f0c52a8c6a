"""A whole library in columns: exports as Parquet, and what other rules would change in all of it within a second.

Needs DuckDB and numpy: ``pip install autotag[library]``. Nothing here is deployed with the functions.
"""
