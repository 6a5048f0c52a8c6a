"""The local runner: the real template on an AWS emulator, against a simulated Cloudinary, all on loopback.

Nothing here is deployed.
"""
