"""The use-cases. They know the ports, never a vendor."""
