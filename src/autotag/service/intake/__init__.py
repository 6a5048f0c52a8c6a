"""Accept notifications: verify, parse, enqueue."""
