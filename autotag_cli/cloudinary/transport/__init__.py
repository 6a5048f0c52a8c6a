"""HTTP to Cloudinary: connections, retries, request bodies."""
