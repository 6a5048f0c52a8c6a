"""Ports implemented with Cloudinary APIs."""
