"""The pages of the console, one module for each: what it asks the service, and what it shows."""
