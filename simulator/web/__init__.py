"""The web application, its routes and its server."""
