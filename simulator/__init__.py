"""A local Cloudinary for development, demos and tests, never deployed: ``python -m simulator --help``."""
