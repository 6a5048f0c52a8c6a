"""Searching a library in columns: terms over arrays and by SQL, and decisions only on assets that are left."""
