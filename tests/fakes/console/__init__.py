"""The deployed console without AWS: an identity provider, and a browser."""
