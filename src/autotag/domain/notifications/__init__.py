"""Cloudinary's notifications: check the signature, then read the body."""
