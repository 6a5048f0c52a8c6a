"""Find the active rules, publish new ones."""
