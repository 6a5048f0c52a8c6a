"""Benchmarks, and the mutation testing of the tests. Nothing here is deployed."""
