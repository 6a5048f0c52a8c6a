"""What would change in a library under other rules."""
