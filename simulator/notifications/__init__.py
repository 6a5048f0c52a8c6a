"""Notifications: whom they reach, how they are signed, sent and polled."""
