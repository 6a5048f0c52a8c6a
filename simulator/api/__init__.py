"""Handlers of the simulated Cloudinary APIs."""
