"""AWS and Cloudinary in memory, on a simulated clock: the deployed code runs there, only its waiting is not real."""
