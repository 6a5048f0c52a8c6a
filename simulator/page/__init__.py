"""A web page that shows the environment."""
