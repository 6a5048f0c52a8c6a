"""The categorization add-ons: when labels come, and what they use up."""
