"""AWS and Cloudinary in memory, on a simulated clock: the deployed code runs in them, and only its waiting is not real."""
