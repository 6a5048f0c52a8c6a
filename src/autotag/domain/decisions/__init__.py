"""From labels and rules to a decision with a reason for every label."""
