"""The rules workbench: the rules as text with their faults, what can be typed, versions, differences, and the push."""
