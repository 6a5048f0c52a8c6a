"""Calls of Cloudinary's APIs, as commands and for other commands."""
