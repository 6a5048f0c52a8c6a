"""What Cloudinary sends: is it authentic, and what does it say?"""
