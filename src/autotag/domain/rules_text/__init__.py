"""The text of a rules file: what stands where in it, and edits that leave the rest as it is."""
