"""autotag: turns Cloudinary's Rekognition labels into tags that can be explained."""

ENGINE_VERSION = "3"
"""Version of the decision procedure. Every audit stores it, so that a replay knows which engine decided."""
