"""``autotag doctor``: a check of each link between Cloudinary and the tags, with the command that fixes it."""
