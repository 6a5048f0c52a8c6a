"""Ports implemented with the two DynamoDB tables."""
