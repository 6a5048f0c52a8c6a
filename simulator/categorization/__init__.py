"""The categorization add-ons: when results arrive, and the units they use."""
