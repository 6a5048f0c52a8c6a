"""Effects: each module speaks to one service of AWS or to Cloudinary, and implements one or two ports."""
