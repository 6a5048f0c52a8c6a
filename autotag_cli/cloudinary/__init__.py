"""Cloudinary's own calls, as commands and for other commands."""
