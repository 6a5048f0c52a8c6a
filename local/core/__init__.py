"""The basis of all parts: processes, locks, paths, HTTP on loopback, credentials, waiting."""
