"""Schema errors of a rules file. Imported only when reading fails, to keep cold starts short."""
