"""Notifications: their destinations, signatures, delivery and poll channels."""
