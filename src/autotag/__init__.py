"""autotag: turns Cloudinary's Rekognition labels into tags that can be explained."""

ENGINE_VERSION = "2"
"""Version of the decision procedure; stored with every audit so that a replay knows which engine decided."""
