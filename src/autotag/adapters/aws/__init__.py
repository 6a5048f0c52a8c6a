"""Ports implemented with AWS services."""
