"""What pages show, as values: pure functions from the service's answers."""
