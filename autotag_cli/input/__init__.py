"""Input files: documents, rules, times."""
