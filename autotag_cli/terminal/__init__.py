"""Output for people: tables, bars, progress."""
