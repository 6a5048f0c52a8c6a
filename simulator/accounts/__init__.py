"""The simulated account: keys and the hourly Admin limit."""
