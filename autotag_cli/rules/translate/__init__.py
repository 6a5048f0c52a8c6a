"""``autotag rules translate``: the words of a further language, from Amazon Translate or a file, for people to edit."""
