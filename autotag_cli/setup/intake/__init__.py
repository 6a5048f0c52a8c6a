"""The steps of setup about where notifications go: triggers, and poll channels that were left."""
