"""The interfaces that the use-cases need. Adapters implement them; tests pass fakes."""
